import { beforeEach, describe, expect, it } from 'vitest'
import { generatePassword, People } from '../../../runtime/identity/index.ts'
import { memoryStore } from './memory-store.ts'

const hour = 60 * 60_000

describe('signing in', () => {
  let time: number
  let memory: ReturnType<typeof memoryStore>
  let people: People

  beforeEach(async () => {
    time = Date.UTC(2026, 4, 25)
    memory = memoryStore()
    people = new People(memory.store, { now: () => new Date(time).toISOString() })
    await people.addPerson({ login: 'Ewa', password: 'tulips in may', roles: ['florist'] })
  })

  const code = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'let in',
      (error: { code: string }) => error.code,
    )

  it('gives a session whose token is nowhere in the store', async () => {
    const { token, session } = await people.signIn(' EWA ', 'tulips in may', '1.2.3.4')
    expect(session.person).toMatchObject({ login: 'ewa', name: 'ewa', roles: ['florist'] })
    expect(await people.session(token)).toEqual(session)
    expect(JSON.stringify([...memory.sessions])).not.toContain(token)
    expect([...memory.sessions.keys()][0]).toMatch(/^[0-9a-f]{64}$/)
  })

  it('gives a new token each time', async () => {
    const first = await people.signIn('ewa', 'tulips in may', '1.2.3.4')
    const second = await people.signIn('ewa', 'tulips in may', '1.2.3.4')
    expect(second.token).not.toBe(first.token)
    expect(second.session.csrf).not.toBe(first.session.csrf)
  })

  it('answers a wrong password and an unknown login with the same words', async () => {
    const wrong = await people.signIn('ewa', 'roses in june', '1.1.1.1').catch((error: Error) => error.message)
    const unknown = await people.signIn('adam', 'roses in june', '1.1.1.2').catch((error: Error) => error.message)
    expect(unknown).toBe(wrong)
  })

  it('makes a guesser wait after five failures, the right password too, and lets the person in after the wait', async () => {
    for (let tries = 0; tries < 5; tries++)
      expect(await code(people.signIn('ewa', 'wrong', '6.6.6.6'))).toBe('wrong-credentials')
    expect(await code(people.signIn('ewa', 'tulips in may', '6.6.6.6'))).toBe('too-many-tries')
    expect(await code(people.signIn('ewa', 'tulips in may', '1.2.3.4'))).toBe('let in')
    time += 3000
    expect(await code(people.signIn('ewa', 'tulips in may', '6.6.6.6'))).toBe('let in')
  })

  it('does not let a burst of tries at once slip past the limit', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => code(people.signIn('ewa', 'wrong', '6.6.6.6'))))
    expect(answers.filter((answer) => answer === 'wrong-credentials')).toHaveLength(5)
    expect(answers.filter((answer) => answer === 'too-many-tries')).toHaveLength(7)
  })

  it('slows an address that tries many logins, though one of them is its own', async () => {
    for (let tries = 0; tries < 30; tries++) {
      if (tries % 10 === 5) await people.signIn('ewa', 'tulips in may', '6.6.6.6')
      await code(people.signIn(`login${tries}`, 'wrong', '6.6.6.6'))
    }
    expect(await code(people.signIn('another', 'wrong', '6.6.6.6'))).toBe('too-many-tries')
  })

  it('ends at sign-out at once, cached or not', async () => {
    const { token } = await people.signIn('ewa', 'tulips in may', '1.2.3.4')
    expect(await people.session(token)).toBeDefined()
    await people.signOut(token)
    expect(await people.session(token)).toBeUndefined()
  })

  it('asks the store once for many requests within three seconds', async () => {
    const { token } = await people.signIn('ewa', 'tulips in may', '1.2.3.4')
    await Promise.all(Array.from({ length: 50 }, () => people.session(token)))
    expect(memory.reads.sessions).toBe(1)
    time += 3001
    await people.session(token)
    expect(memory.reads.sessions).toBe(2)
  })

  it('goes on while it is used, ends twelve hours after the last use and seven days after the first', async () => {
    const { token } = await people.signIn('ewa', 'tulips in may', '1.2.3.4')
    for (let hours = 0; hours < 7 * 24 - 10; hours += 10) {
      expect(await people.session(token)).toBeDefined()
      time += 10 * hour
    }
    time += 10 * hour
    expect(await people.session(token)).toBeUndefined()

    const { token: idle } = await people.signIn('ewa', 'tulips in may', '1.2.3.4')
    time += 12 * hour + 1
    expect(await people.session(idle)).toBeUndefined()
  })

  it('is refused to a person who no longer works here', async () => {
    const { token } = await people.signIn('ewa', 'tulips in may', '1.2.3.4')
    const [person] = memory.people.values()
    if (person) memory.people.set(person.id, { ...person, active: false })
    expect(await people.session(token)).toBeUndefined()
    expect(await code(people.signIn('ewa', 'tulips in may', '1.2.3.4'))).toBe('wrong-credentials')
  })

  it('refuses a second person of the same login, short passwords and odd logins', async () => {
    expect(await code(people.addPerson({ login: 'EWA', password: 'long enough', roles: [] }))).toBe('conflict')
    expect(await code(people.addPerson({ login: 'adam', password: 'short', roles: [] }))).toBe('invalid-value')
    expect(await code(people.addPerson({ login: '<b>', password: 'long enough', roles: [] }))).toBe('invalid-value')
  })

  it('seeds an administrator on an empty store alone', async () => {
    expect(await people.seedAdministrator({ roles: ['manager'] })).toBeUndefined()
    const empty = new People(memoryStore().store, { now: () => new Date(time).toISOString() })
    const first = await empty.seedAdministrator({ roles: ['florist', 'manager'] })
    expect(first?.person.roles).toEqual(['florist', 'manager'])
    expect(await code(empty.signIn('admin', first?.password ?? '', '1.2.3.4'))).toBe('let in')
  })
})

describe('a generated password', () => {
  it('can be read out and is another each time', () => {
    const passwords = new Set(Array.from({ length: 200 }, generatePassword))
    expect(passwords.size).toBe(200)
    for (const password of passwords) expect(password).toMatch(/^([a-z]{4}-){4}[a-z]{4}$/)
  })
})
