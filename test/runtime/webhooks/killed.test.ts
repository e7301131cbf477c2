import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signIn } from '../../api.ts'
import { type ChildServer, startChild } from '../../child-server.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'
import { eventually } from '../../eventually.ts'
import { query } from './hurry.ts'
import { parcelWorkspace } from './parcels.ts'
import { type Receiver, silence, startReceiver } from './receiver.ts'

const password = 'a-password-for-tests'

describe('a server that is killed while it calls', () => {
  let courier: Receiver
  let folder: string
  let database: TestDatabase
  const children: ChildServer[] = []

  beforeAll(async () => {
    courier = await startReceiver()
    folder = await parcelWorkspace(courier.url)
    database = await testDatabase()
  })
  afterAll(async () => {
    for (const child of children) await child.kill()
    await courier?.stop()
    await rm(folder, { recursive: true, force: true })
    await database?.close()
  })

  async function started(): Promise<ChildServer> {
    const child = await startChild(folder, {
      ZGODA_DATABASE_URL: database.url,
      ZGODA_MASTER_KEY: 'd'.repeat(64),
      ZGODA_ADMIN_LOGIN: 'admin',
      ZGODA_ADMIN_PASSWORD: password,
      ZGODA_CALL_ALLOW: courier.place,
      COURIER_SECRET: 'a secret',
    })
    children.push(child)
    return child
  }

  it('has the call made again by another node, under the same delivery id', async () => {
    const first = await started()
    const clerk = await signIn(first.url, 'admin', password)
    const { id } = (await clerk.post('/cases', { process: 'parcel', fields: { address: 'Main St 1' } })).body
    courier.next(silence)
    await clerk.post(`/cases/${id}/moves`, { to: 'handed' })
    await eventually('the call to be under way', async () => courier.received.length === 1)
    await started()
    await first.kill()
    await eventually('the call to be made again', async () => courier.received.length === 2)
    await eventually('it to be noted', async () => {
      const [call] = await query(database.url, 'select status from calls where case_id = $1', [id])
      return call.status === 'done'
    })
    expect(new Set(courier.received.map(({ headers }) => headers['zgoda-delivery'])).size).toBe(1)
    expect(new Set(courier.received.map(({ body }) => body)).size).toBe(1)
    expect(await query(database.url, 'select * from incidents')).toEqual([])
  })
})
