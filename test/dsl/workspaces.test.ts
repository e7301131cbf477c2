import { describe, expect, it } from 'vitest'
import { loadFolder, readWorkspace } from '../../dsl/index.ts'

async function read(folder: string) {
  const { files, problems } = await loadFolder(folder)
  expect(problems).toEqual([])
  return readWorkspace(files)
}

function withoutPlaces(definition: unknown): unknown {
  return JSON.parse(JSON.stringify(definition, (key, value) => (key === 'at' ? undefined : value)))
}

describe('the example workspaces', () => {
  it.each(['examples/florist/text', 'examples/florist/yaml', 'examples/clinic'])(
    '%s has no problem',
    async (folder) => {
      const { definition, problems } = await read(folder)
      expect(problems).toEqual([])
      expect(definition).toBeDefined()
    },
  )

  it('becomes plain data, which survives being written down', async () => {
    const { definition } = await read('examples/florist/text')
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition)
  })

  it('means the same in text and in YAML, but for the places', async () => {
    const [text, yaml] = await Promise.all(['text', 'yaml'].map((folder) => read(`examples/florist/${folder}`)))
    expect(withoutPlaces(yaml?.definition)).toEqual(withoutPlaces(text?.definition))
  })

  it('means the same whichever order its files are read in', async () => {
    const { files } = await loadFolder('examples/florist/text')
    expect(readWorkspace(files.toReversed())).toEqual(readWorkspace(files))
  })
})

describe('what letters and documents fill in', () => {
  const usesOf = (letter: string) => {
    const text = `purpose work "Work" { basis contract text "x" }
process p "P" { field price "Price" money field tags "Tags" many (a, b) field client "Client" text stage s "S" { } }
letter hello ${letter}`
    const { definition } = readWorkspace([{ name: 'w.zgoda', text }])
    return definition?.letters.hello?.uses.map(({ name }) => name)
  }

  it('are fields by their names and all else by its path, once each', () => {
    expect(
      usesOf(
        '"Case {{ case.number }}: {{ price }}" { body "{{ price | times: 2 }} {{ client.name }} {{ purpose.work.text }}" }',
      ),
    ).toEqual(['case.number', 'price', 'client.name', 'purpose.work.text'])
  })

  it('are found in tags, in other languages, and in parts of lists', () => {
    expect(
      usesOf(
        '"Hello" { body "Hello" pl "{% if price > 2 %}{{ tags.size }}{% for tag in tags %}{{ tag }}{% endfor %}{% endif %}" }',
      ),
    ).toEqual(['price', 'tags'])
  })

  it('are not the names that a template makes for itself, nor the words around', () => {
    expect(usesOf('"price" { body "price {% assign tags = 1 %}{{ tags }}" }')).toEqual([])
  })

  it('stand where the template names them first', async () => {
    const { definition } = await read('examples/florist/text')
    const { uses } = definition?.letters.receipt ?? {}
    expect(uses?.map(({ name }) => name)).toEqual(['case.number', 'address', 'price'])
    expect(uses?.[1]).toMatchObject({ name: 'address', at: { file: 'workspace.zgoda' } })
    const { files } = await loadFolder('examples/florist/text')
    const lines = files.find(({ name }) => name === uses?.[1]?.at.file)?.text.split('\n') ?? []
    expect(lines[(uses?.[1]?.at.line ?? 0) - 1]?.slice((uses?.[1]?.at.column ?? 0) - 1)).toMatch(/^address \}\}/)
  })
})

describe('the flower shop', async () => {
  const { definition } = await read('examples/florist/text')
  const order = definition?.processes.order
  const at = expect.anything()

  it('numbers its rules by stage and kind', () => {
    const ids = Object.values(order?.stages ?? {}).flatMap((stage) => stage.rules.map((rule) => rule.id))
    expect(ids).toEqual([
      'waiting.reply.1',
      'waiting.reply.2',
      'waiting.reply.3',
      'waiting.when.1',
      'waiting.after.1',
      'waiting.move.1',
      'arranging.move.1',
      'arranging.move.2',
    ])
  })

  it('has its company, working hours and purposes', () => {
    expect(definition?.company).toMatchObject({ name: "Anna's Flowers sp. z o.o.", email: 'privacy@flowers.example' })
    expect(definition?.hours).toMatchObject({
      week: [{ days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: 480, to: 960 }],
      holidays: ['2026-12-25', '2026-12-26', '2027-01-01'],
    })
    expect(definition?.purposes.offers).toEqual({
      name: 'offers',
      title: { en: 'Send you offers', pl: 'Oferty e-mailem' },
      basis: 'consent',
      necessary: false,
      version: 1,
      text: { en: expect.stringContaining('About once a month'), pl: expect.stringContaining('raz w miesiącu') },
      keep: { after: 'given', for: { amount: 2, unit: 'year', working: false } },
      recipients: [],
      about: 'clients',
      at: { file: 'workspace.zgoda', line: 33, column: 1 },
    })
  })

  it('has fields with types, purposes and defaults', () => {
    expect(order?.fields.bouquet?.type).toEqual({ kind: 'choice', options: ['roses', 'tulips', 'wild flowers'] })
    expect(order?.fields.allergy).toMatchObject({ personal: ['allergies'], special: true, type: { kind: 'text' } })
    expect(order?.fields.paid?.default).toEqual({ kind: 'yes/no', value: false })
  })

  it('has conditions with their names looked up', () => {
    expect(order?.stages.waiting?.rules[3]).toEqual({
      id: 'waiting.when.1',
      trigger: { kind: 'when' },
      when: { kind: 'consent', purpose: 'allergies', statuses: ['given', 'refused'] },
      actions: [{ kind: 'go to', stage: 'arranging', at }],
      at: { file: 'order.zgoda', line: 22, column: 5 },
    })
    expect(order?.stages.arranging?.rules[0]?.when).toEqual({
      kind: 'and',
      left: { kind: 'field', field: 'paid', type: 'yes/no' },
      right: {
        kind: 'compare',
        operator: '>',
        left: { kind: 'field', field: 'price', type: 'money' },
        right: { kind: 'number', value: 0 },
        as: 'money',
      },
    })
  })

  it('has replies with what they say, and what follows', () => {
    expect(order?.stages.waiting?.rules[0]).toMatchObject({
      trigger: { kind: 'reply', letter: 'ask_consent', saying: ['I agree', 'zgadzam się'] },
      actions: [{ kind: 'record consent', purpose: 'allergies', decision: 'given' }],
    })
    expect(order?.stages.delivered?.enter.at(-1)).toMatchObject({
      kind: 'erase',
      fields: ['address', 'contact'],
      after: { amount: 30, unit: 'day', working: false },
    })
  })

  it('keeps a block of text as it stands between its quotes', () => {
    expect(definition?.letters.receipt?.body.en).toBe(
      'Your order {{ case.number }} was delivered to {{ address }}. You paid {{ price }}.\n',
    )
  })
})

describe('the clinic', async () => {
  const { definition } = await read('examples/clinic')
  const stages = definition?.processes.visit?.stages

  it('keeps its cases out of treatment without consent', () => {
    expect(stages?.in_treatment).toMatchObject({
      manualEntry: 'forbidden',
      needs: [{ purpose: 'treatment', otherwise: 'stopped' }],
      edit: [{ field: 'visit' }, { field: 'notes', to: ['therapist'] }],
    })
  })

  it('counts working days, and moves dates by days', () => {
    expect(stages?.booked?.rules[2]?.trigger).toEqual({
      kind: 'after',
      delay: { amount: 10, unit: 'day', working: true },
    })
    expect(stages?.in_treatment?.rules[0]?.trigger).toEqual({
      kind: 'at',
      time: {
        kind: 'arithmetic',
        operator: '-',
        left: { kind: 'field', field: 'visit', type: 'date' },
        right: { kind: 'duration', value: { amount: 1, unit: 'day', working: false } },
        type: 'date',
      },
    })
  })
})

describe('ends', () => {
  const ends = (text: string) => {
    const { definition } = readWorkspace([{ name: 'w.zgoda', text }])
    return Object.values(definition?.processes.p?.stages ?? {}).map((stage) => stage.success)
  }

  it('are all a success where none is marked', () => {
    expect(ends('process p { stage a { } final stage b { } final stage c { } }')).toEqual([false, true, true])
  })

  it('are a success only where marked, if any is', () => {
    expect(ends('process p { stage a { } final stage b success { } final stage c { } }')).toEqual([false, true, false])
  })
})

it('spells working days before or after the word', () => {
  const delay = (words: string) => {
    const { definition } = readWorkspace([
      { name: 'w.zgoda', text: `process p { stage a { after ${words} go to a } }` },
    ])
    return definition?.processes.p?.stages.a?.rules[0]?.trigger
  }
  expect(delay('10 days working')).toEqual(delay('10 working days'))
})
