import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readingChecks } from '../../../engine/checks/reading.ts'
import type { Definition } from '../../../engine/index.ts'
import { evidenceOf, type Outcome, reportOf } from '../../../engine/report/index.ts'
import { proofs } from '../../../engine/report/proofs.ts'
import { measures } from '../../../engine/report/register.ts'
import { requirements } from '../../../engine/report/requirements.ts'
import type { Scenario } from '../../../engine/simulate/scenario.ts'
import { exploringChecks } from '../../../engine/verify/index.ts'
import { at } from '../declarations.ts'
import { readExample } from '../examples.ts'
import { cell, read, reported } from './shop.ts'

const florist = readExample('florist/text')
const clinic = readExample('clinic')

const scenario = (
  name: string,
  steps: Scenario['steps'],
  client: Scenario['client'] = { email: 'a@b.example' },
): Scenario => ({
  name,
  process: 'order',
  client,
  steps,
  at: at(3, 'order.test.yaml'),
})

const refusedAndServed = scenario('A no costs nothing', [
  { kind: 'consent', purpose: 'allergies', decision: 'refused', at: at(4) },
  { kind: 'expect', expected: { ended: 'success' }, at: at(5) },
])

describe('the table of requirements', () => {
  it('has the sixteen rows, each with the law it comes from, in both languages', () => {
    expect(requirements.map(({ row }) => row)).toEqual(
      Array.from({ length: 16 }, (_, index) => `R${String(index + 1).padStart(2, '0')}`),
    )
    for (const { title, asks, law } of requirements) {
      expect(law).toMatch(/^(Art|Rec)\. \d/)
      for (const words of [title, asks]) expect(words.en).not.toBe(words.pl)
    }
  })

  it('has every check of data protection in some row, and says in words what it proves', () => {
    const codes = [...readingChecks, ...exploringChecks].map(({ code }) => code).filter((code) => code.startsWith('Z4'))
    const inRows = new Set(requirements.flatMap((requirement) => requirement.proofs))
    expect([...new Set(codes)].toSorted()).toEqual([...inRows].toSorted())
    expect(Object.keys(proofs)).toEqual([...inRows].toSorted())
  })

  it('names only parts of the server that there are', () => {
    const grounds = [florist, clinic].flatMap((definition) =>
      Object.values(definition.processes).map((process) => ({ definition, process })),
    )
    const parts = [...requirements.flatMap(({ enforced }) => enforced), ...measures].map(({ part }) => part)
    expect(parts.filter((part) => !existsSync(part))).toEqual([])
    const sentences = requirements.flatMap(({ enforced }) =>
      enforced.flatMap(({ says }) => grounds.flatMap((ground) => says(ground, 'en') ?? [])),
    )
    expect(new Set(sentences).size).toBeGreaterThan(30)
  })
})

describe('a cell', () => {
  it('is proved where the checks ran and found nothing, and says what the server does besides', () => {
    const { status, reasons } = cell(reported(florist), 'R04', 'order')
    expect(status).toBe('proved')
    expect(reasons).toEqual([
      expect.objectContaining({ kind: 'proved', code: 'Z403' }),
      expect.objectContaining({ kind: 'enforced', part: 'engine/reach.ts' }),
    ])
  })

  it('is only enforced where no check is about it, or none ran', () => {
    expect(cell(reported(florist), 'R10', 'order').status).toBe('enforced')
    const nothingRan = reportOf(florist, { ran: [], found: [], outcomes: [] }, { language: 'en', made: '' })
    expect(cell(nothingRan, 'R04', 'order').status).toBe('enforced')
  })

  it('is not proved by a check that could not follow all of a process', () => {
    const evidence = { ...evidenceOf(florist, []), unsure: () => ['Z403'] }
    expect(cell(reportOf(florist, evidence, { language: 'en', made: '' }), 'R04', 'order').status).toBe('enforced')
  })

  it('is tested too where a scenario of that process shows it', () => {
    const outcomes: readonly Outcome[] = [{ scenario: refusedAndServed }]
    expect(cell(reported(florist, { outcomes }), 'R04', 'order').reasons).toContainEqual({
      kind: 'tested',
      says: 'A no costs nothing',
      at: at(3, 'order.test.yaml'),
    })
    const elsewhere = [{ scenario: { ...refusedAndServed, process: 'withdrawal' } }]
    expect(cell(reported(florist, { outcomes: elsewhere }), 'R04', 'order').reasons).toHaveLength(2)
  })

  it('is broken by a scenario that fails, before all that speaks for it', () => {
    const failure = {
      because: 'ended: expected success, found false',
      at: at(5, 'order.test.yaml'),
      story: ['refused'],
    }
    const { status, reasons } = cell(
      reported(florist, { outcomes: [{ scenario: refusedAndServed, failure }] }),
      'R04',
      'order',
    )
    expect(status).toBe('broken')
    expect(reasons[0]).toEqual({
      kind: 'broken',
      severity: 'error',
      says: 'A no costs nothing: ended: expected success, found false',
      at: at(5, 'order.test.yaml'),
      path: ['refused'],
    })
    expect(reasons.map(({ kind }) => kind)).toEqual(['broken', 'proved', 'enforced'])
  })

  it('is broken by what a check finds, with the way that shows it', () => {
    const report = reported(brokenShop)
    const { status, reasons } = cell(report, 'R04', 'order')
    expect(status).toBe('broken')
    const [first] = reasons
    if (first?.kind !== 'broken') throw new Error('no finding')
    expect(first).toMatchObject({ code: 'Z403', severity: 'error', at: { file: 'shop.zgoda' } })
    expect(first.path.length).toBeGreaterThan(1)
    expect(reasons.some((reason) => reason.kind === 'proved' && reason.code === 'Z403')).toBe(false)
    expect(report.compliance.counts.broken).toBeGreaterThan(0)
  })

  it('is broken by a warning too, which is marked as one', () => {
    expect(cell(reported(clinic), 'R01', 'visit')).toMatchObject({
      status: 'broken',
      reasons: [{ code: 'Z418', severity: 'warning' }, { kind: 'enforced' }],
    })
  })

  it('is broken by what stands at a purpose only for the processes that use it', () => {
    const hard = florist.purposes.delivery
    const definition: Definition = {
      ...florist,
      purposes: {
        ...florist.purposes,
        ...(hard && {
          delivery: { ...hard, text: { en: 'Pursuant to the contract, the data subject hereby agrees.' } },
        }),
      },
    }
    expect(cell(reported(definition), 'R14', 'order').status).toBe('broken')
    expect(cell(reported(definition), 'R14', 'withdrawal').status).toBe('not concerned')
  })

  it('is broken by what stands in a form only for the process of the form', () => {
    const form = florist.forms.order_form
    if (!form) throw new Error('the flower shop has no form')
    const [check] = readingChecks.filter(({ code }) => code === 'Z415')
    if (!check) throw new Error('there is no Z415')
    const found = [{ check, at: form.questions[2]?.at ?? form.at, message: 'one answer for two' }]
    const report = reportOf(twoProcesses, { ran: ['Z415'], found, outcomes: [] }, { language: 'en', made: '' })
    expect([cell(report, 'R05', 'order').status, cell(report, 'R05', 'again').status]).toEqual(['broken', 'proved'])
  })

  it('says with its true reason that a process is not concerned', () => {
    const says = (row: string, process: string, definition = florist) =>
      cell(reported(definition), row, process).reasons
    const notConcerned = (words: string) => [{ kind: 'not concerned', says: words }]
    expect(says('R03', 'withdrawal')).toEqual(notConcerned('it holds no personal data and asks for no consent'))
    expect(says('R09', 'withdrawal')).toEqual(notConcerned('nothing in it rests on a consent'))
    expect(says('R04', 'visit', necessaryOnly)).toEqual(
      notConcerned('the service can’t be given without any of the consents it asks for: each is marked `necessary`'),
    )
    expect(says('R13', 'visit', necessaryOnly)).toEqual(notConcerned('it has one purpose only'))
    expect(cell(reported(florist), 'R10', 'withdrawal').status).toBe('enforced')
  })
})

describe('the sentences about a process', () => {
  const sentences = (definition: Definition, process: string, language: 'en' | 'pl' = 'en') =>
    reported(definition, { language }).compliance.rows.flatMap(({ cells }) =>
      cells.filter((each) => each.process === process).flatMap(({ reasons }) => reasons.map(({ says }) => says)),
    )

  it('name its own fields, stages and roles', () => {
    const said = sentences(florist, 'order')
    expect(said).toContain(
      '“E-mail for this order”: kept in the case alone, never on the client’s card, and letters of the case go there first',
    )
    expect(said).toContain('no person can move a case into “Arranging”')
    expect(said).toContain('may erase a client whole: Manager')
    expect(said).toContain(
      'erased by themselves when their time has come: “Delivery address” and “E-mail for this order”',
    )
    expect(sentences(clinic, 'visit')).toContain(
      'a case can’t be in “In treatment” without the consent it needs, whoever or whatever moves it',
    )
    expect(sentences(florist, 'order', 'pl')).toContain('nikt nie przeniesie sprawy do „Układamy”')
  })

  it('claim nothing that does not come up in it', () => {
    const said = sentences(florist, 'withdrawal').join('\n')
    expect(said).not.toMatch(/forms|reply|letter to the client|portal each/)
    expect(sentences(florist, 'order').join('\n')).not.toContain('without the consent it needs')
    expect(sentences(florist, 'order').join('\n')).toContain('each form shows who asks')
    expect(sentences(twoProcesses, 'again').join('\n')).not.toMatch(
      /forms?\b.*(shows|Yes and No|a question of its own)/,
    )
  })
})

describe('what was found beside the requirements', () => {
  it('is told apart', () => {
    const report = reported(
      read(`role clerk "Clerk" { clients: see }
process order "Order" {
  access clerk: see, move
  stage new "New" { move to done }
  stage lost "Lost" { move to done }
  final stage done "Done" success
}`),
    )
    expect(report.compliance.other).toMatchObject([{ code: 'Z301', severity: 'error' }])
    expect(report.compliance.counts.broken).toBe(0)
  })
})

/** The flower shop with its order a second time, without a form. */
const order = florist.processes.order
const twoProcesses: Definition = {
  ...florist,
  processes: { ...florist.processes, ...(order && { again: { ...order, name: 'again' } }) },
}

const company = 'company "Shop" { email "privacy@shop.example" }\nrole clerk "Clerk" { clients: see, edit, erase }'

const brokenShop = read(`${company}
purpose offers "Send you offers" {
  basis consent
  text "About once a month we write to you. You can say no."
  keep until end
}
form order_form "Order" {
  starts order
  ask consent to offers required
}
process order "Order" {
  show in portal
  access clerk: see, move, edit
  stage new "New" { when consent to offers go to done after 3 days go to stopped }
  final stage done "Done" success
  final stage stopped "Stopped"
}`)

const necessaryOnly = read(`${company}
purpose treatment "Treat you" {
  basis explicit consent
  necessary
  text "We keep notes on your health to treat you."
  keep until end
}
form book "Book" {
  starts visit
  ask consent to treatment required
}
process visit "Visit" {
  show in portal
  access clerk: see, move, edit
  field notes "Notes" text personal for treatment, special
  stage new "New" { edit notes move to done by clerk when consent to treatment and notes is filled move to stopped }
  final stage done "Done" success { on enter { erase notes } }
  final stage stopped "Stopped"
}`)
