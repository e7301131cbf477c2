import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readWorkspace } from '../../dsl/workspace.ts'
import type { Answer, Api } from '../api.ts'
import { type TestServer, testServer } from '../server.ts'
import { zgoda } from './cli/zgoda.ts'

const workspace = `
company "Anna's Flowers" { address "Long Street 1" email "office@flowers.example" }
role florist "Florist" { clients: see, edit }
role manager "Manager" { clients: see, edit, erase }
role courier "Courier"
role clerk "Clerk" { clients: edit }
purpose delivery "Deliver" { basis contract text "We bring the flowers to you." keep until end }
purpose allergies "Safe flowers" { basis explicit consent text "We pick flowers that do not harm you." keep until end }
purpose offers "Offers" { basis consent text "We send you offers." keep until end }
letter hello "Your order" { body "Hello {{ client.name }}, we have your order of {{ bouquet }}." }
process order "Order" {
  show in portal
  access florist: see, move, edit
  access manager: see, move, edit, erase
  access courier: see
  access clerk: see, move, edit
  field bouquet "Bouquet" choice (roses, tulips)
  field price   "Price" money
  field extras  "Extras" many (card, ribbon, vase)
  field address "Address" text personal for delivery
  field allergy "Allergies" text personal for allergies, special
  field margin  "Margin" number
  show bouquet
  stage fresh "Fresh" {
    edit bouquet, price, extras, address, allergy
    on enter { send hello to client }
    when consent to offers go to favoured
    move to bound by florist, manager when price is filled
  }
  stage favoured "Favoured" { move to bound }
  stage bound "Bound" {
    edit margin to manager
    show allergy
    move to done
  }
  final stage done "Done" success { on enter { erase address, allergy } }
}
process secret "Secret" {
  access manager: see, move
  stage only "Only" { move to over }
  final stage over "Over"
}
`

const marker = 'Zażółcona Gęś'
const columns = ['client.name', 'client.email', 'bouquet'] as const

let shop: TestServer
let florist: Api
let manager: Api
let db: pg.Pool
let dir: string
let imports = 0

beforeAll(async () => {
  const { definition, problems } = readWorkspace([{ name: 'shop.zgoda', text: workspace }])
  if (!definition) throw new Error(problems.map(({ message }) => message).join('; '))
  shop = await testServer('', { definition })
  florist = await shop.as('florist')
  manager = await shop.as('manager')
  db = new pg.Pool({ connectionString: shop.databaseUrl, max: 2 })
  dir = await mkdtemp(join(tmpdir(), 'zgoda-import-'))
  process.env.ZGODA_TOKEN = florist.cookie.split('=')[1] ?? ''
})

afterAll(async () => {
  delete process.env.ZGODA_TOKEN
  await db?.end()
  await shop?.stop()
  await rm(dir, { recursive: true, force: true })
})

type Order = { columns: readonly string[]; rows: readonly (readonly unknown[])[]; id?: string } & Record<
  string,
  unknown
>

/** Sends rows as lines from 2 on, as an import of their own where no `id` is given. */
function send(api: Api, { columns, rows, id, ...more }: Order): Promise<Answer> {
  imports += 1
  const numbered = rows.map((cells, at) => ({ line: at + 2, cells }))
  return api.post('/imports', { id: id ?? `import-${imports}`, process: 'order', columns, rows: numbered, ...more })
}

async function imported(api: Api, order: Order): Promise<Answer['body'][]> {
  const { status, body } = await send(api, order)
  expect({ status, body }).toMatchObject({ status: 200 })
  return body.items
}

async function found(email: string): Promise<{ id: string; label: string }[]> {
  return (await florist.get(`/clients?q=${email}`)).body.items
}

/** How much there is of everything that an import could make. */
async function everything(): Promise<object> {
  const tables = [
    'clients',
    'vault.keys',
    'vault.values',
    'vault.lookups',
    'vault.evidence',
    'vault.letters',
    'consents',
  ]
  const rest = ['cases', 'history', 'letters', 'requests', 'number_blocks', 'notices']
  const counts = [...tables, ...rest].map((table) => `(select count(*)::int from ${table}) as "${table}"`)
  const blocks = '(select json_agg(next order by process) from number_blocks) as numbers'
  return (await db.query(`select ${counts.join(', ')}, ${blocks}`)).rows[0]
}

describe('a row of an import', () => {
  it('becomes a client with a card and a case, whose letter knows them', async () => {
    const [row] = await imported(florist, {
      columns: [...columns, 'client.phone', 'price', 'extras', 'address'],
      rows: [[marker, 'anna@client.example', 'roses', '+48 600 100 200', '12,50', 'card | vase', 'Long Street 7']],
    })
    expect(row).toEqual({ line: 2, ok: true, case: expect.any(String) })
    const { body } = await florist.get(`/cases/${row.case}`)
    expect(body).toMatchObject({ stage: { name: 'fresh' }, client: { label: marker } })
    expect(Object.entries<{ value: unknown }>(body.fields).map(([name, { value }]) => [name, value])).toEqual([
      ['bouquet', 'roses'],
      ['price', '12.50'],
      ['extras', ['card', 'vase']],
      ['address', 'Long Street 7'],
    ])
    const client = (await florist.get(`/clients/${body.client.id}`)).body
    expect(client).toMatchObject({ name: marker, email: 'anna@client.example', phone: '+48 600 100 200' })
    expect(await found('Anna@Client.example')).toMatchObject([{ id: client.id }])
    expect((await shop.letterTo('anna@client.example', 'Your order')).text).toContain(`Hello ${marker}`)
    const { items } = (await florist.get(`/cases/${row.case}/history`)).body
    expect(items.map(({ type }: { type: string }) => type)).toEqual(['started', 'letter'])
  })

  it('without a word of a client becomes a case of a client without a card, as by hand', async () => {
    const [row] = await imported(florist, { columns: ['bouquet', 'client.name'], rows: [['tulips', ' ']] })
    const { client } = (await florist.get(`/cases/${row.case}`)).body
    expect((await florist.get(`/clients/${client.id}`)).body).toMatchObject({ name: null, email: null })
  })

  it('that a rule refuses by hand is refused alike, and nothing of it is kept', async () => {
    const values: Record<string, string> = { margin: '3', bouquet: 'cactus', price: 'much', allergy: 'lilies' }
    const before = await everything()
    for (const [field, value] of Object.entries(values)) {
      const byHand = await florist.post('/cases', { process: 'order', fields: { [field]: value } })
      expect(byHand.status).toBeGreaterThanOrEqual(400)
      const [row] = await imported(florist, {
        columns: ['client.email', field, 'consent.offers', 'evidence.offers'],
        rows: [['refused@client.example', value, 'given', 'Paper 7 of 2026']],
      })
      const { code, because } = byHand.body
      expect(row).toEqual({ line: 2, ok: false, code, because, column: field })
      expect(JSON.stringify(row)).not.toMatch(/cactus|much|lilies|refused@/)
    }
    expect(await everything()).toEqual({ ...before, numbers: expect.anything() })
    expect(await found('refused@client.example')).toEqual([])
  })

  it('with a card that does not fit names the column, never the value; others go their way', async () => {
    const rows = await imported(florist, {
      columns: [...columns],
      rows: [
        ['A', 'not-an-address', 'roses'],
        ['x'.repeat(201), 'b@client.example', 'roses'],
        [true, 'c@client.example', 'roses'],
        ['D', 'd@client.example', 'roses'],
      ],
    })
    expect(rows.map(({ ok, code, column }) => [ok, code, column])).toEqual([
      [false, 'invalid-value', 'client.email'],
      [false, 'invalid-value', 'client.name'],
      [false, 'invalid-value', 'client.name'],
      [true, undefined, undefined],
    ])
    expect(JSON.stringify(rows)).not.toMatch(/not-an-address|xxx|client\.example/)
  })
})

describe('a consent in an import', () => {
  const consent = ['client.email', 'bouquet', 'allergy', 'consent.allergies', 'evidence.allergies']

  it('is recorded like a paper that staff recorded, and what rests on it is in reach at once', async () => {
    const [row] = await imported(florist, {
      columns: consent,
      rows: [['given@client.example', 'roses', 'lilies', 'Given', 'Form 12, signed 2026-03-01']],
    })
    const { client, fields } = (await florist.get(`/cases/${row.case}`)).body
    expect(fields.allergy.value).toBe('lilies')
    const { records } = (await florist.get(`/clients/${client.id}/consents`)).body
    expect(records).toMatchObject([
      {
        purpose: 'allergies',
        decision: 'given',
        channel: 'paper',
        by: 'florist',
        evidence: { channel: 'paper', note: 'Form 12, signed 2026-03-01' },
      },
    ])
    await florist.post(`/clients/${client.id}/consents`, { purpose: 'allergies', decision: 'withdrawn' })
    expect((await florist.get(`/cases/${row.case}`)).body.fields.allergy).toBeUndefined()
  })

  it('stands before the first stage is entered, so that its rules follow it', async () => {
    const rows = await imported(florist, {
      columns: ['bouquet', 'consent.offers', 'evidence.offers'],
      rows: [
        ['roses', 'given', 'Card 3'],
        ['roses', 'refused', ''],
        ['roses', '', ''],
      ],
    })
    const stages = await Promise.all(rows.map(async (row) => (await florist.get(`/cases/${row.case}`)).body.stage.name))
    expect(stages).toEqual(['favoured', 'fresh', 'fresh'])
  })

  it('is no consent without the document that shows it, whatever it is for', async () => {
    const before = await everything()
    const rows = await imported(florist, {
      columns: ['bouquet', 'consent.allergies', 'evidence.allergies', 'consent.offers', 'evidence.offers'],
      rows: [
        ['roses', 'given', ' ', '', ''],
        ['roses', '', '', 'given', null],
        ['roses', 'yes', 'Paper', '', ''],
        ['roses', '', 'Paper', '', ''],
        ['roses', 'given', 'x'.repeat(1_001), '', ''],
      ],
    })
    expect(rows.map(({ ok, column }) => [ok, column])).toEqual([
      [false, 'evidence.allergies'],
      [false, 'evidence.offers'],
      [false, 'consent.allergies'],
      [false, 'consent.allergies'],
      [false, 'evidence.allergies'],
    ])
    expect(await everything()).toEqual(before)
    const alone = await send(florist, { columns: ['bouquet', 'consent.offers'], rows: [['roses', 'given']] })
    expect(alone).toMatchObject({ status: 400, body: { because: expect.stringContaining('`evidence.offers`') } })
  })

  it('of a client who is known reaches their other cases in the same transaction', async () => {
    const [first] = await imported(florist, { columns: [...columns], rows: [['Ola', 'ola@client.example', 'roses']] })
    const [second] = await imported(florist, {
      columns: ['client.email', 'bouquet', 'consent.offers', 'evidence.offers'],
      rows: [['ola@client.example', 'tulips', 'given', 'Card 9']],
      match: 'email',
    })
    for (const row of [first, second]) {
      expect((await florist.get(`/cases/${row.case}`)).body.stage.name).toBe('favoured')
    }
    const [refused] = await imported(florist, {
      columns: ['client.email', 'bouquet', 'consent.allergies', 'evidence.allergies'],
      rows: [['ola@client.example', 'cactus', 'given', 'Card 10']],
      match: 'email',
    })
    expect(refused).toMatchObject({ ok: false, column: 'bouquet' })
    const { records } = (await florist.get(`/clients/${(await found('ola@client.example'))[0]?.id}/consents`)).body
    expect(records.map(({ purpose }: { purpose: string }) => purpose)).toEqual(['offers'])
  })
})

describe('an import that looks for clients by e-mail', () => {
  it('takes the one who is known and leaves their card as it is; rows of one new address are one client', async () => {
    const rows = await imported(florist, {
      columns: [...columns],
      rows: Array.from({ length: 12 }, (_, at) => [
        `Name ${at}`,
        at % 2 ? 'NEW@client.example' : 'new@client.example',
        'roses',
      ]),
      match: 'email',
    })
    const [again] = await imported(florist, {
      columns: [...columns],
      rows: [['Another', ' New@Client.example ', 'tulips']],
      match: 'email',
    })
    const cases = [...rows, again].map(({ case: id }) => id)
    expect(new Set(cases).size).toBe(13)
    expect(await found('new@client.example')).toMatchObject([{ label: 'Name 0' }])
    expect((await florist.get(`/clients/${(await found('new@client.example'))[0]?.id}`)).body.cases).toHaveLength(13)
  })

  it('does not bring back one who was erased', async () => {
    const order = { columns: [...columns], rows: [['Gone', 'gone@client.example', 'roses']], match: 'email' }
    const [first] = await imported(florist, order)
    const { client } = (await florist.get(`/cases/${first.case}`)).body
    expect((await manager.post(`/clients/${client.id}/erase`)).status).toBe(200)
    const [second] = await imported(florist, order)
    const later = (await florist.get(`/cases/${second.case}`)).body.client
    expect(later.id).not.toBe(client.id)
    expect((await florist.get(`/clients/${client.id}`)).status).toBe(410)
  })

  it('takes none where several have the address', async () => {
    for (const name of ['One', 'Two']) await florist.post('/clients', { name, email: 'both@client.example' })
    const [row] = await imported(florist, {
      columns: [...columns],
      rows: [['Three', 'both@client.example', 'roses']],
      match: 'email',
    })
    expect(row).toMatchObject({ ok: false, code: 'conflict', column: 'client.email' })
  })
})

describe('an import that is sent again', () => {
  const rows = [
    ['Ala', 'ala@client.example', 'roses'],
    ['Ela', 'ela@client.example', 'cactus'],
    ['Iga', 'iga@client.example', 'tulips'],
  ]

  it('makes nothing twice, and makes what was put right', async () => {
    const first = await imported(florist, { id: 'again', columns: [...columns], rows })
    expect(first.map(({ ok }) => ok)).toEqual([true, false, true])
    const before = await everything()
    expect(await imported(florist, { id: 'again', columns: [...columns], rows })).toEqual([
      { ...first[0], again: true },
      first[1],
      { ...first[2], again: true },
    ])
    expect(await everything()).toEqual({ ...before, numbers: expect.anything() })
    const right = rows.map(([name, email]) => [
      name,
      email,
      name === 'Iga' ? 'roses' : name === 'Ela' ? 'tulips' : 'roses',
    ])
    const put = await imported(florist, { id: 'again', columns: [...columns], rows: right })
    expect(put.map(({ ok, code }) => [ok, code])).toEqual([
      [true, undefined],
      [true, undefined],
      [false, 'key-reused'],
    ])
  })

  it('makes nothing twice where it comes several times at once', async () => {
    const many = Array.from({ length: 40 }, (_, at) => [`P${at}`, `p${at}@client.example`, 'roses'])
    const answers = await Promise.all(
      [1, 2, 3].map(() => imported(florist, { id: 'at-once', columns: [...columns], rows: many })),
    )
    const ids = answers.map((items) => items.map((item) => item.case))
    expect(ids[1]).toEqual(ids[0])
    expect(ids[2]).toEqual(ids[0])
    expect(await found('p7@client.example')).toHaveLength(1)
  })

  it('keeps neither its id nor a hash that a guess could be tried on', async () => {
    await imported(florist, {
      id: 'an-id-of-mine',
      columns: [...columns],
      rows: [['Ida', 'ida@client.example', 'roses']],
    })
    const { rows: kept } = await db.query('select key from requests')
    expect(JSON.stringify(kept)).not.toContain('an-id-of-mine')
  })
})

describe('a dry run', () => {
  it('says what a real run would, and stores nothing', async () => {
    const order = {
      columns: [...columns, 'consent.offers', 'evidence.offers'],
      rows: [
        ['Ula', 'ula@client.example', 'roses', 'given', 'Card 1'],
        ['Ewa', 'ewa@client.example', 'cactus', '', ''],
        ['Iza', 'iza@client', 'roses', 'given', ''],
      ],
    }
    const before = await everything()
    const dry = await imported(florist, { ...order, dryRun: true })
    expect(await everything()).toEqual(before)
    const real = await imported(florist, order)
    expect(dry).toEqual([{ line: 2, ok: true, letters: ['hello'] }, real[1], real[2]])
    expect(real.map(({ ok }) => ok)).toEqual([true, false, false])
  })
})

describe('who imports', () => {
  it('needs the rights that each part takes by hand', async () => {
    const one = { columns: ['client.email', 'bouquet'], rows: [['x@client.example', 'roses']] }
    const bare = { columns: ['bouquet'], rows: [['roses']] }
    const courier = await shop.as('courier')
    const clerk = await shop.as('clerk')
    expect((await send(courier, bare)).body.code).toBe('not-allowed')
    expect((await send(clerk, one)).status).toBe(200)
    expect((await send(clerk, { ...one, match: 'email' })).body.code).toBe('not-allowed')
    expect((await send(florist, { ...bare, process: 'secret' })).body.code).toBe('not-found')
    expect((await send(florist, { ...bare, process: 'constructor' })).body.code).toBe('not-found')
  })

  it('learns what an unknown column may have meant, and no name of a field that is not theirs to fill in', async () => {
    const ask = async (column: string) => {
      const { status, body } = await send(florist, { columns: ['bouquet', column], rows: [['roses', 'x']] })
      expect([status, body.code]).toEqual([422, 'unknown-field'])
      return body.because
    }
    expect(await ask('client.emial')).toContain('did you mean `client.email`?')
    expect(await ask('adress')).toContain('did you mean `address`?')
    expect(await ask('consent.ofers')).toContain('did you mean `consent.offers`?')
    expect(await ask('consent.delivery')).toContain('`consent.delivery`')
    expect(await ask('margim')).not.toContain('margin')
    expect(await ask('__proto__')).toContain('column 2')
    expect(await ask('Anna Nowak')).not.toContain('Anna')
  })
})

describe('zgoda import', () => {
  async function run(name: string, text: string | Buffer, ...args: string[]) {
    const path = join(dir, name)
    await writeFile(path, text)
    return zgoda(['import', path, '--process', 'order', '--server', shop.url, ...args])
  }
  const map = ['--map', 'Name=client.name,E-mail=client.email', '--map', 'Flowers, please=bouquet,Notes=']

  it('takes a file as offices have it, tells what was refused by its own columns, and ends with 1', async () => {
    const text = `\ufeffName;E-mail;"Flowers, please";Notes\r\n"Nowak\nAnna";an@client.example;roses;secret\r\nJan;jan-at-home;roses;\r\nOla;;cactus;\r\nToo;few\r\n`
    const first = await run('office.csv', text, ...map)
    expect([first.code, first.err]).toEqual([1, ''])
    expect(first.out.split('\n')).toEqual([
      'line 4, column `E-mail`: `email` must be an e-mail address',
      expect.stringMatching(/^line 5, column `Flowers, please`: “Bouquet” \(`bouquet`\) must be one of roses, tulips$/),
      'line 6: the line has 2 cells where the first line has 4: is a quote or a comma missing?',
      '1 row imported, 3 refused',
      expect.stringMatching(/^Put these lines right where they stand and send the file again with `--id \w{32}`/),
      '',
    ])
    expect(await found('an@client.example')).toMatchObject([{ label: 'Nowak\nAnna' }])
    const again = await run('office.csv', text, ...map)
    expect(again.out).toContain('1 row imported (1 of them before), 3 refused')
    const id = /--id (\w+)/.exec(first.out)?.[1] ?? ''
    const right = text
      .replace('jan-at-home', 'jan@client.example')
      .replace('cactus', 'tulips')
      .replace('Too;few\r\n', '')
    const put = await run('office.csv', right, ...map, '--id', id)
    expect([put.code, put.out]).toEqual([0, '3 rows imported (1 of them before), 0 refused\n'])
  })

  it('takes JSON lines, and says what happened as data', async () => {
    const lines = [
      '{"client.email": "json@client.example", "bouquet": "roses", "price": 12.5, "extras": ["card"]}',
      '{"bouquet": 7}',
      '',
      '{"bouquet": {}}',
      'no json',
    ]
    const { code, out } = await run('rows.jsonl', lines.join('\n'), '--format', 'json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toEqual({
      import: { id: expect.any(String), process: 'order', dryRun: false },
      problems: [
        { line: 2, column: 'bouquet', code: 'invalid-value', because: expect.any(String) },
        { line: 4, code: 'unreadable', because: expect.any(String) },
        { line: 5, code: 'unreadable', because: 'the line is no JSON' },
      ],
      counts: { rows: 4, imported: 1, before: 0, refused: 3 },
    })
  })

  it('checks without storing, and says which letters would go out', async () => {
    const before = await everything()
    const { code, out } = await run('dry.csv', 'client.email,bouquet\ndry@client.example,roses\n', '--dry-run')
    expect([code, out]).toEqual([0, '1 row would be imported, 0 refused\nletter `hello`: 1 would go out\n'])
    expect(await everything()).toEqual(before)
  })

  it('sends nothing of a file that is no table, and says why', async () => {
    const before = await everything()
    const files: readonly (readonly [string | Buffer, string])[] = [
      ['bouquet,price\nroses,1\n"roses,2\nroses,3\n', 'line 3: the quote that opens in this record is never closed'],
      ['bouquet,,price\nroses,1,2', 'line 1: column 2 has no name'],
      ['bouquet,bouquet\nroses,tulips', 'line 1: column 2 is called as one before it'],
      ['bouquet,price\nroses,\0', 'line 2: it holds a NUL'],
      [Buffer.from('bouquet,price\nr\xf3ze,1', 'latin1'), 'not UTF-8 text'],
      [Buffer.from('bouquet,price\nroses,1', 'utf16le'), 'NUL'],
      [`a${',a'.repeat(1_000_000)}`, 'line 1: it has more than 500 columns'],
      ['', 'no column'],
      ['boquet\nroses', 'did you mean `bouquet`?'],
    ]
    for (const [text, said] of files) {
      const { code, err, out } = await run('broken.csv', text)
      expect({ said, code, err, out }).toEqual({ said, code: 2, err: expect.stringContaining(said), out: '' })
    }
    expect(await everything()).toEqual(before)
    expect((await zgoda(['import', join(dir, 'none.csv'), '--process', 'order', '--server', shop.url])).err).toContain(
      'There is no such file',
    )
    expect((await run('x.csv', 'bouquet\nroses', '--map', 'Boquet=bouquet')).err).toContain(
      'no column `Boquet`, did you mean',
    )
  })
})

describe('what was imported', () => {
  it('stands nowhere in the clear but with its reader', async () => {
    expect(shop.logged.join('\n')).not.toContain(marker)
    const { rows: tables } = await db.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema in ('public', 'vault', 'graphile_worker') and table_type = 'BASE TABLE'`,
    )
    for (const { name } of tables) {
      const { rows: hits } = await db.query(`select 1 from ${name} t where t::text like $1 limit 1`, [`%${marker}%`])
      expect({ name, hits }).toEqual({ name, hits: [] })
    }
  })
})
