import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Expression, Form } from '../../../engine/definition.ts'
import { conditionStyles } from '../../../runtime/http/pages/form-conditions.ts'
import { openOffice, type Visitor } from './office.ts'

describe('the client’s portal', () => {
  let office: Awaited<ReturnType<typeof openOffice>>
  let client: ReturnType<typeof office.newClient>
  let anna: Visitor

  beforeAll(async () => {
    office = await openOffice()
  })
  afterAll(() => office.close())
  beforeEach(async () => {
    office.calls.length = 0
    client = office.newClient({ name: 'Anna' })
    client.consents.allergies = 'given'
    anna = office.visitor()
    await anna.fetch(`/portal/l/${client.id}`)
  })

  it('opens by the link in a letter, without an account', async () => {
    const guest = office.visitor()
    const answer = await guest.fetch(`/portal/l/${client.id}`)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/portal'])
    expect((await guest.page('/portal')).text).toContain('My consents')
  })

  it('says so where a link or a code opens nothing', async () => {
    const guest = office.visitor()
    const link = await guest.page('/portal/l/forged')
    expect([link.status, link.text.includes('opens nothing any more')]).toEqual([410, true])
    const code = await guest.send('/portal/code', { code: 'wrong' })
    expect([code.status, code.text.includes('role="alert"')]).toEqual([401, true])
    expect((await guest.fetch('/portal')).headers.get('location')).toBe('/portal/code')
  })

  it('shows each consent first, with its text and how it stands', async () => {
    const { text } = await anna.page('/portal')
    expect(text).toMatch(
      /<h1[^>]*>My consents<[\s\S]*Choose flowers that are safe for you[\s\S]*given[\s\S]*If you tell us your allergies/,
    )
    expect(text).toMatch(/We also use your data for[\s\S]*Deliver your order/)
  })

  it('withdraws a consent in two clicks from its first page, without a reason', async () => {
    const first = (await anna.page('/portal')).text
    expect(first).toContain('href="/portal/consents/allergies/withdraw"')
    const second = await anna.send(
      '/portal/consents/allergies',
      { decision: 'withdrawn' },
      '/portal/consents/allergies/withdraw',
    )
    expect([second.status, second.location]).toEqual([303, '/portal'])
    expect(client.consents.allergies).toBe('withdrawn')
    expect((await anna.page('/portal/consents/allergies/withdraw')).text).not.toMatch(/<textarea|required/)
  })

  it('takes explicit consent by typed words alone', async () => {
    client.consents.allergies = 'withdrawn'
    const page = '/portal/consents/allergies/give'
    for (const statement of ['', 'yes', 'I do not think I agree']) {
      const answer = await anna.send('/portal/consents/allergies', { decision: 'given', statement }, page)
      expect([statement, answer.status, client.consents.allergies]).toEqual([statement, 422, 'withdrawn'])
    }
    await anna.send('/portal/consents/allergies', { decision: 'given', statement: ' Zgadzam się. ' }, page)
    expect(client.consents.allergies).toBe('given')
    expect(office.calls.find(({ name }) => name === 'decide')?.what).toMatchObject({ statement: ' Zgadzam się. ' })
  })

  it('takes no decision from another site, nor on what is no consent', async () => {
    expect((await anna.send('/portal/consents/allergies', { decision: 'withdrawn' })).status).toBe(403)
    expect((await anna.send('/portal/consents/delivery', { decision: 'withdrawn' }, '/portal')).status).toBe(404)
    expect((await anna.send('/portal/consents/allergies', { decision: 'perhaps' }, '/portal')).status).toBe(400)
    expect(client.consents.allergies).toBe('given')
  })

  it('shows a client their own cases and nobody else’s', async () => {
    const own = office.newCase('order', client.id, { bouquet: 'roses' })
    const other = office.newCase('order', office.newClient({ name: 'Piotr' }).id)
    const page = await anna.page(`/portal/cases/${own.id}`)
    expect(page.text).toMatch(/Waiting for the client[\s\S]*What you told us[\s\S]*roses/)
    expect((await anna.page(`/portal/cases/${other.id}`)).status).toBe(404)
    expect((await anna.page('/portal')).text).not.toContain(other.number)
  })

  it('sends a request in two clicks', async () => {
    expect((await anna.page('/portal')).text).toContain('href="/portal/requests/withdrawal"')
    const sent = await anna.send('/portal/requests/withdrawal', {}, '/portal/requests/withdrawal')
    expect(sent.location).toMatch(/^\/portal\/thanks\//)
    expect((await anna.page(sent.location ?? '')).text).toContain('Withdraw my consent WITHDRAWAL-')
  })

  it('offers the form of a process that has one, and no way around it', async () => {
    const { text } = await anna.page('/portal')
    expect(text).toMatch(/href="\/portal\/forms\/order_form"><strong>Order flowers/)
    expect(text).not.toContain('/portal/requests/order')
    expect((await anna.send('/portal/requests/order', {}, '/portal')).status).toBe(404)
    expect(office.calls.some(({ name }) => name === 'start')).toBe(false)
  })

  it('opens nothing of the staff’s', async () => {
    expect((await anna.fetch('/')).headers.get('location')).toMatch('/sign-in')
    expect((await anna.api('GET', `/clients/${client.id}`)).status).toBe(401)
  })

  describe('a form', () => {
    const path = '/portal/forms/order_form'
    const filled = { 'field.bouquet': 'roses', 'field.address': 'ul. Polna 5', 'consent.allergies': 'refused' }

    it('says who asks, what for, on which ground, for how long and who else, before it asks', async () => {
      const { status, text } = await office.visitor().page(path)
      expect(status).toBe(200)
      const notice = text.slice(0, text.indexOf('<form id="form"'))
      for (const words of [
        'Anna&#39;s Flowers',
        'ul. Kwiatowa 1',
        'privacy@flowers.example',
        'Jan Nowak',
        'We use your address',
        'Legal ground: contract',
        '90 days after the case ends',
        'Courier Kurier',
      ])
        expect(notice).toContain(words)
      expect(text).toMatch(/Send you offers[\s\S]*About once a month[\s\S]*2 years after you gave consent/)
      expect(text).toContain('You can withdraw any consent at any time')
    })

    it('presets neither Yes nor No', async () => {
      const { text } = await office.visitor().page(path)
      expect(text.match(/name="consent\.\w+" value="(given|refused)"/g)).toHaveLength(4)
      expect(text).not.toContain('checked')
    })

    it('is sent by anyone, who then has a case and their own pages', async () => {
      const guest = office.visitor()
      const sent = await guest.send(path, filled)
      expect(sent.status).toBe(303)
      expect(office.calls.find(({ name }) => name === 'submit')?.what).toMatchObject({
        name: 'order_form',
        values: { bouquet: 'roses', address: 'ul. Polna 5' },
        consents: { allergies: 'refused' },
        statements: {},
      })
      expect((await guest.page(sent.location ?? '')).text).toMatch(/Your case is Order ORDER-\d+/)
    })

    it('comes back with each problem beside its question and nothing lost', async () => {
      const answer = await office.visitor().send(path, { 'field.address': evil, 'field.contact': 'no address' })
      expect(answer.status).toBe(422)
      expect(answer.text).toMatch(/in-field.bouquet-problem">Please answer/)
      expect(answer.text).toMatch(/id="problem-allergies">Please choose Yes or No/)
      expect(answer.text).toMatch(/in-field.contact-problem">E-mail for this order must be/)
      expect(answer.text).toContain('value="&#60;script&#62;')
      expect(answer.text).not.toContain(evil)
      expect(office.calls.some(({ name }) => name === 'submit')).toBe(false)
    })

    it('takes a Yes to an explicit consent with the typed statement alone', async () => {
      const yes = { ...filled, 'consent.allergies': 'given', 'field.allergy': 'lilies' }
      const clicked = await office.visitor().send(path, yes)
      expect([clicked.status, clicked.text.includes('Type exactly: I agree')]).toEqual([422, true])
      expect((await office.visitor().send(path, { ...yes, 'statement.allergies': 'I agree' })).status).toBe(303)
      expect(office.calls.find(({ name }) => name === 'submit')?.what).toMatchObject({
        values: { allergy: 'lilies' },
        consents: { allergies: 'given' },
        statements: { allergies: 'I agree' },
      })
    })

    it('drops the answer to a question that was not asked, and asks it where its condition holds', async () => {
      await office.visitor().send(path, { ...filled, 'field.allergy': 'lilies' })
      const what = office.calls.find(({ name }) => name === 'submit')?.what
      expect(what).toHaveProperty('values.bouquet')
      expect(what).not.toHaveProperty('values.allergy')
      const asked = await office
        .visitor()
        .send(path, { ...filled, 'consent.allergies': 'given', 'statement.allergies': 'I agree' })
      expect([asked.status, /in-field.allergy-problem/.test(asked.text)]).toEqual([422, true])
    })

    it('of a client who is signed in carries their token', async () => {
      expect((await anna.send(path, filled)).status).toBe(403)
      expect((await anna.send(path, filled, path)).status).toBe(303)
      expect(office.calls.find(({ name }) => name === 'submit')?.what).toMatchObject({ clientId: client.id })
    })

    it('that does not exist is not found', async () => {
      for (const name of ['none', '__proto__', 'constructor'])
        expect((await office.visitor().page(`/portal/forms/${name}`)).status).toBe(404)
    })
  })
})

const evil = '<script>alert(1)</script>'

describe('the stylesheet of a form’s conditions', () => {
  const at = { file: 'a.zgoda', line: 1, column: 1 }
  const styles = (when: Expression) => {
    const form: Form = {
      name: 'f',
      title: {},
      at,
      questions: [
        { ask: { field: 'kind' }, required: false, at },
        { ask: { consent: 'offers' }, required: false, at },
        { ask: { field: 'more' }, required: false, when, at },
      ],
    }
    return conditionStyles(form)
  }
  const kind: Expression = { kind: 'field', field: 'kind', type: 'choice' }
  const is = (value: string): Expression => ({
    kind: 'compare',
    operator: '=',
    left: kind,
    right: { kind: 'option', value },
    as: 'choice',
  })

  it('hides a question while its consent is not given', () => {
    expect(styles({ kind: 'consent', purpose: 'offers', statuses: ['given'] })).toContain(
      '#form:not(:is(:has([name="consent.offers"][value="given"]:checked))) #q-2 { display: none }',
    )
  })

  it('can not be broken out of by an option', () => {
    expect(styles(is('"] {} </style>'))).not.toMatch(/<\/style|"\] \{\}/)
  })

  it('leaves in view what only the server can tell', () => {
    const date: Expression = { kind: 'compare', operator: '<', left: kind, right: { kind: 'today' }, as: 'date' }
    expect(styles(date)).toBe('')
    expect(styles({ kind: 'and', left: is('a'), right: date })).toBe('')
    expect(styles({ kind: 'consent', purpose: 'unasked', statuses: ['given'] })).toBe('')
  })
})
