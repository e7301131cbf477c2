import { randomBytes, randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { PortalSessions, portalLink, readPortalLink } from '../../../runtime/identity/index.ts'
import { memoryStore } from './memory-store.ts'

const staff = { kind: 'staff', person: { id: randomUUID(), login: 'ewa', name: 'Ewa', roles: [] } } as const
const anna = '0198c0de-0000-7000-8000-00000000aaaa'

describe('the link in a letter', () => {
  const key = randomBytes(32)

  it('speaks for its client', () => {
    expect(readPortalLink(portalLink(anna, key), key)).toBe(anna)
  })

  it('speaks for nobody when changed in any byte, cut, signed by another key or another version', () => {
    const token = portalLink(anna, key)
    const bytes = Buffer.from(token, 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(readPortalLink(changed.toString('base64url'), key)).toBeUndefined()
    }
    expect(readPortalLink(token.slice(0, -1), key)).toBeUndefined()
    expect(readPortalLink(`${token}=`, key)).toBeUndefined()
    expect(readPortalLink(token, randomBytes(32))).toBeUndefined()
    expect(readPortalLink(token, key, 2)).toBeUndefined()
    expect(readPortalLink('', key)).toBeUndefined()
    expect(readPortalLink('x'.repeat(100_000), key)).toBeUndefined()
  })
})

describe('the portal', () => {
  let time: number
  let known: Set<string>
  let portal: PortalSessions
  const linkKey = randomBytes(32)

  beforeEach(() => {
    time = Date.UTC(2026, 4, 25)
    known = new Set([anna])
    portal = new PortalSessions({
      store: memoryStore().store,
      clock: { now: () => new Date(time).toISOString() },
      linkKey,
      clientExists: async (id) => known.has(id),
      mayIssueCode: async () => {},
    })
  })

  const code = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'let in',
      (error: { code: string }) => error.code,
    )

  it('opens by a link for a client who is still there', async () => {
    expect(await portal.openLink(portalLink(anna, linkKey))).toEqual({ clientId: anna })
    known.delete(anna)
    expect(await code(portal.openLink(portalLink(anna, linkKey)))).toBe('link-invalid')
  })

  it('opens once by a paper code, typed in any case, with or without dashes', async () => {
    const { code: paper } = await portal.issueCode(staff, anna)
    expect(await portal.openCode(paper.toUpperCase().replaceAll('-', ' '), '1.2.3.4')).toEqual({ clientId: anna })
    expect(await code(portal.openCode(paper, '1.2.3.4'))).toBe('wrong-credentials')
  })

  it('gives the client one code at a time, good for thirty days', async () => {
    const old = await portal.issueCode(staff, anna)
    const fresh = await portal.issueCode(staff, anna)
    expect(await code(portal.openCode(old.code, '1.2.3.4'))).toBe('wrong-credentials')
    time += 30 * 24 * 60 * 60_000 + 1
    expect(await code(portal.openCode(fresh.code, '1.2.3.4'))).toBe('wrong-credentials')
  })

  it('slows guessed codes down', async () => {
    const { code: paper } = await portal.issueCode(staff, anna)
    for (let tries = 0; tries < 5; tries++) await code(portal.openCode('guess', '6.6.6.6'))
    expect(await code(portal.openCode(paper, '6.6.6.6'))).toBe('too-many-tries')
    expect(await code(portal.openCode(paper, '1.2.3.4'))).toBe('let in')
  })

  it('forgets an erased client: sessions and codes are gone', async () => {
    const { token } = await portal.newSession(anna)
    const { code: paper } = await portal.issueCode(staff, anna)
    expect(await portal.session(token)).toMatchObject({ clientId: anna })
    await portal.forget(anna)
    expect(await portal.session(token)).toBeUndefined()
    expect(await code(portal.openCode(paper, '1.2.3.4'))).toBe('wrong-credentials')
  })
})
