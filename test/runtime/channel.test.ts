import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../runtime/ids.ts'
import { createLog } from '../../runtime/log.ts'
import { Channel } from '../../runtime/nodes/channel.ts'
import { ChangedCases, read, written } from '../../runtime/nodes/message.ts'
import { type Database, openDatabase } from '../../runtime/store/database.ts'
import { notify } from '../../runtime/store/notify.ts'
import { inTransaction } from '../../runtime/store/transaction.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'

interface Node {
  readonly channel: Channel
  readonly heard: string[]
}

describe('what nodes tell each other', () => {
  let database: TestDatabase
  let db: Database
  const nodes: Node[] = []

  beforeAll(async () => {
    database = await testDatabase()
    db = openDatabase(database.url, () => undefined)
  })
  afterEach(async () => {
    for (const { channel } of nodes.splice(0)) await channel.stop()
  })
  afterAll(async () => {
    await db?.close()
    await database?.close()
  })

  const node = async (): Promise<Node> => {
    const heard: string[] = []
    const channel = new Channel(db, createLog('silent'))
    await channel.start({
      onChange: (process, caseId) => heard.push(`${process} ${caseId ?? 'many'}`),
      onErased: (clientId) => heard.push(`erased ${clientId}`),
      onIdentity: (changed) => heard.push(changed),
      onDefinition: (hash) => heard.push(`definition ${hash}`),
      onMissed: () => heard.push('missed'),
    })
    nodes.push({ channel, heard })
    return { channel, heard }
  }
  const hears = ({ heard }: Node, what: string) => eventually(what, async () => heard.includes(what))

  it('is heard by the others, a change of a case once however often it changed, and by the teller itself where it says so', async () => {
    const [one, other] = [await node(), await node()]
    for (let n = 0; n < 50; n++) one.channel.changed('a', 'order')
    await hears(other, 'order a')
    await one.channel.tell({ definition: 'abc' })
    await one.channel.tell({ changedOf: 'sessions' })
    await hears(one, 'sessions')
    await hears(other, 'sessions')
    expect(one.heard).toEqual(['definition abc', 'sessions'])
    expect(other.heard).toEqual(['order a', 'definition abc', 'sessions'])
  })

  it('is said before a node stops, and of too many cases in so few words that Postgres takes them', async () => {
    const [one, other] = [await node(), await node()]
    const named = Array.from({ length: 500 }, newId)
    for (const id of named) one.channel.changed(id, 'order')
    for (let n = 0; n < 2_000; n++) one.channel.changed(newId(), 'return')
    await one.channel.stop()
    await hears(other, 'return many')
    await hears(other, `order ${named.at(-1)}`)
    expect(other.heard).toHaveLength(501)
  })

  it('comes with an erasure if that is stored, and not if it is not', async () => {
    const { heard } = await node()
    const undone = inTransaction(db.pool, async (client) => {
      await notify(client, written({ erased: 'undone' }))
      throw new Error('not stored')
    })
    await expect(undone).rejects.toThrow('not stored')
    await inTransaction(db.pool, (client) => notify(client, written({ erased: 'done' })))
    await eventually('the erasure', async () => heard.includes('erased done'))
    expect(heard).toEqual(['erased done'])
  })

  it('goes on after the connection was cut, with what happened meanwhile, and a word that something was missed', async () => {
    const [one, other] = [await node(), await node()]
    await db.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'zgoda nodes'")
    one.channel.changed('b', 'order')
    await hears(other, 'missed')
    await hears(one, 'missed')
    one.channel.changed('c', 'order')
    await hears(other, 'order c')
    expect(other.heard.filter((what) => what === 'missed')).toHaveLength(1)
  })

  it('is passed over where it makes no sense to this version', async () => {
    const { heard } = await node()
    for (const text of ['', 'null', '[]', '{}', '{"changed":1}', '{"changed":"x","cases":[1]}', '{"later":true}']) {
      expect(read(text)).toBeUndefined()
      await db.pool.query("select pg_notify('zgoda', $1)", [text])
    }
    await notify(db.pool, written({ changedOf: 'people' }))
    await eventually('what does make sense', async () => heard.length > 0)
    expect(heard).toEqual(['people'])
  })
})

describe('changed cases', () => {
  it('fit into what Postgres takes, whatever the name of their process', () => {
    const changed = new ChangedCases()
    const process = 'p'.repeat(200)
    for (let n = 0; n < 600; n++) changed.add(process, [newId()])
    const messages = changed.take()
    expect(messages.flatMap(({ cases }) => cases ?? [])).toHaveLength(600)
    for (const message of messages) expect(Buffer.byteLength(written(message))).toBeLessThan(8_000)
    expect(changed.none).toBe(true)
  })
})
