import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Mailboxes } from '../../../runtime/sandbox/mailboxes.ts'

const clock = { now: () => '2026-05-04T08:00:00.000Z' }

describe('mailboxes on disk', () => {
  let folder: string
  let mailboxes: Mailboxes

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zgoda-mailboxes-'))
    mailboxes = await Mailboxes.open(folder, clock)
  })

  afterEach(async () => {
    await mailboxes.close()
    await rm(folder, { recursive: true, force: true })
  })

  const reopen = async () => {
    await mailboxes.close()
    mailboxes = await Mailboxes.open(folder, clock)
  }

  it('number letters of one mailbox in turn, however many arrive at once', async () => {
    const arrivals = Array.from({ length: 100 }, (_, number) =>
      mailboxes.deliver(number % 2 ? 'a@x.example' : 'b@x.example', Buffer.from(`letter ${number}`)),
    )
    await Promise.all(arrivals)
    const uids = Array.from({ length: 50 }, (_, number) => number + 1)
    expect(mailboxes.list('a@x.example').map(({ uid }) => uid)).toEqual(uids)
    expect(mailboxes.list('b@x.example').map(({ uid }) => uid)).toEqual(uids)
    const before = mailboxes.list()
    await reopen()
    expect(mailboxes.list()).toEqual(before)
  })

  it('forget what was half written when the process was killed, and nothing else', async () => {
    const kept = await mailboxes.deliver('a@x.example', Buffer.from('kept'))
    await writeFile(join(folder, '00000002.eml'), 'never acknowledged')
    await writeFile(join(folder, '00000003.eml.tmp'), 'half a lett')
    await appendFile(join(folder, 'index.jsonl'), '{"letter":{"id":2,"mailb')
    await reopen()
    expect(mailboxes.list()).toEqual([kept])
    expect((await mailboxes.read(kept)).toString()).toBe('kept')
    expect((await readdir(folder)).sort()).toEqual(['00000001.eml', 'index.jsonl'])
    expect(await mailboxes.deliver('a@x.example', Buffer.from('next'))).toMatchObject({ uid: 2 })
    await reopen()
    expect(mailboxes.list().map(({ uid }) => uid)).toEqual([1, 2])
  })

  it('tell listeners only of what is on the disk', async () => {
    const told: number[] = []
    const stop = mailboxes.subscribe(({ uid }) => told.push(uid))
    await mailboxes.deliver('a@x.example', Buffer.from('one'))
    stop()
    await mailboxes.deliver('a@x.example', Buffer.from('two'))
    expect(told).toEqual([1])
  })
})
