import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openOffice, type Visitor } from './office.ts'

const evil = `<script>alert("x")</script>`

describe('the staff’s pages', () => {
  let office: Awaited<ReturnType<typeof openOffice>>
  let ewa: Visitor

  beforeAll(async () => {
    office = await openOffice()
  })
  afterAll(() => office.close())
  beforeEach(async () => {
    office.cases.clear()
    office.clients.clear()
    office.letters.length = 0
    office.messages.length = 0
    office.notifications.length = 0
    office.calls.length = 0
    ewa = await office.visitor().signIn()
  })

  const order = (name = 'Anna') => {
    const client = office.newClient({ name })
    return { client, found: office.newCase('order', client.id, { bouquet: 'roses', price: 12.5 }) }
  }

  describe('signing in', () => {
    it('is asked for, and leads back to the page that was wanted', async () => {
      const guest = office.visitor()
      const refused = await guest.fetch('/boards/order')
      expect(refused.headers.get('location')).toBe('/sign-in?next=%2Fboards%2Forder')
      expect((await guest.page('/sign-in?next=%2Fboards%2Forder')).text).toContain('name="next" value="/boards/order"')
      const form = { login: 'ewa', password: 'tulips in may' }
      expect(await guest.send('/sign-in', { ...form, next: '/boards/order' })).toMatchObject({
        status: 303,
        location: '/boards/order',
      })
    })

    it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', ''])(
      'never leads to %s',
      async (next) => {
        const answer = await office.visitor().send('/sign-in', { login: 'ewa', password: 'tulips in may', next })
        expect(answer.location).toBe('/')
      },
    )

    it('says what was wrong and keeps the login, escaped', async () => {
      const answer = await office.visitor().send('/sign-in', { login: evil, password: 'x' })
      expect(answer.status).toBe(401)
      expect(answer.text).toContain('role="alert"')
      expect(answer.text).not.toContain(evil)
    })

    it('ends by the button, and not by another site', async () => {
      expect((await ewa.send('/sign-out', {})).status).toBe(403)
      expect(await ewa.send('/sign-out', {}, '/')).toMatchObject({ status: 303, location: '/sign-in' })
      expect((await ewa.page('/')).status).toBe(302)
    })
  })

  it('speak Polish to those who ask for it, by browser or by the link', async () => {
    const page = await ewa.page('/', { 'accept-language': 'pl' })
    expect(page.text).toContain('<html lang="pl">')
    expect(page.text).toContain('Zamówienie')
    await ewa.fetch('/language/pl?back=/clients')
    expect((await ewa.page('/')).text).toContain('<html lang="pl">')
    expect((await ewa.fetch('/language/en?back=//evil.example')).headers.get('location')).toBe('/')
  })

  it('hold no inline script, style or handler, and say so to the browser', async () => {
    const { client, found } = order()
    const pages = [
      '/',
      '/boards/order',
      '/boards/order/start',
      `/cases/${found.id}`,
      `/cases/${found.id}/erase`,
      '/clients',
      '/clients/new',
    ]
    for (const path of [
      ...pages,
      `/clients/${client.id}`,
      `/clients/${client.id}/erase`,
      '/sign-in',
      '/portal/code',
      '/portal/forms/order_form',
      '/none',
    ]) {
      const { headers, text } = await ewa.page(path)
      expect(headers.get('content-security-policy')).toContain("script-src 'self'; style-src 'self'")
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('no-store')
      expect([path, text.match(/<script(?! src=)|<style|\sstyle=|\son\w+=|javascript:/g)]).toEqual([path, null])
      expect([path, text.match(/<h1/g)?.length, text.match(/<main/g)?.length]).toEqual([path, 1, 1])
    }
  })

  it('escape a client’s name wherever it stands', async () => {
    const { client, found } = order(evil)
    office.letters.push({
      id: 'l',
      name: 'x',
      at: '2026-05-25T08:00:00Z',
      status: 'sent',
      content: { to: evil, subject: evil, text: evil, attachments: [evil] },
    })
    office.messages.push({
      id: 'm',
      at: '2026-05-25T08:00:00Z',
      counted: false,
      mayCount: false,
      checks: [],
      namesLetter: false,
      because: { en: evil },
      content: { from: evil, subject: evil, text: evil, own: evil, attachments: [], html: false },
    })
    office.notifications.push({
      id: 'n',
      at: '2026-05-25T08:00:00Z',
      text: { en: evil },
      caseId: found.id,
      caseNumber: evil,
      read: false,
    })
    found.values.address = evil
    const pages = [
      '/',
      '/boards/order',
      `/boards/order/start?q=${encodeURIComponent('<script>')}`,
      `/cases/${found.id}`,
      '/clients',
    ]
    for (const path of [
      ...pages,
      `/clients?q=${encodeURIComponent(evil)}`,
      `/clients/${client.id}`,
      `/clients/${client.id}/erase`,
    ]) {
      const { status, text } = await ewa.page(path)
      expect([path, status]).toEqual([path, 200])
      expect([path, text.includes('alert(&#34;x') || text.includes('&#60;script')]).toEqual([path, true])
      expect([path, text.includes('<script>')]).toEqual([path, false])
    }
  })

  describe('the board', () => {
    it('has a column a stage and a card a case, without personal values', async () => {
      const { found } = order()
      found.values.address = 'ul. Tajna 7'
      const { text } = await ewa.page('/boards/order')
      expect(text.match(/data-stage="\w+"/g)).toEqual(
        ['waiting', 'arranging', 'delivered', 'cancelled'].map((name) => `data-stage="${name}"`),
      )
      expect(text).toContain(`id="case-${found.id}"`)
      expect(text).toContain('12.50')
      expect(text).not.toContain('Tajna')
    })

    it('says what to do while it is empty', async () => {
      expect((await ewa.page('/boards/order')).text).toContain('Start the first one')
    })

    it('shows thirty cards of a column and the way to the others', async () => {
      const client = office.newClient({})
      for (let made = 0; made < 31; made++) office.newCase('order', client.id)
      const { text } = await ewa.page('/boards/order')
      expect(text.match(/class="card"/g)).toHaveLength(30)
      const more = /href="(\/boards\/order\?stage=waiting[^"]+)"/
        .exec(text)?.[1]
        ?.replaceAll('&#38;', '&')
        .replaceAll('&amp;', '&')
      expect((await ewa.page(more ?? '')).text.match(/class="card"/g)).toHaveLength(1)
    })

    it('moves a card without scripts, and shows a refusal with its reason on the case', async () => {
      const { found } = order()
      const moved = await ewa.send(
        `/cases/${found.id}/moves`,
        { to: 'cancelled', back: '/boards/order' },
        '/boards/order',
      )
      expect(moved).toMatchObject({ status: 303, location: '/boards/order' })
      expect(found.stage).toBe('cancelled')
      const { found: other } = order()
      const refused = await ewa.send(`/cases/${other.id}/moves`, { to: 'arranging' }, '/boards/order')
      expect(refused.status).toBe(409)
      expect(refused.text).toMatch(/role="alert"[\s\S]*The case was not moved[\s\S]*order\.zgoda:40/)
      expect(other.stage).toBe('waiting')
    })

    it('takes no move without the page’s own token', async () => {
      const { found } = order()
      expect((await ewa.send(`/cases/${found.id}/moves`, { to: 'cancelled' })).status).toBe(403)
      expect((await ewa.send(`/cases/${found.id}/moves`, { to: 'cancelled', _csrf: 'guess' })).status).toBe(403)
      expect(found.stage).toBe('waiting')
    })

    it('starts a case for a new client who gives nothing, and once for a form sent twice', async () => {
      const key = '0198c0de-0000-7000-8000-0000000000aa'
      const answer = await ewa.send('/boards/order/start', { key }, '/boards/order/start')
      expect(answer.location).toMatch(/^\/cases\//)
      expect(office.calls.filter(({ name }) => name === 'start')).toMatchObject([{ key, what: { process: 'order' } }])
      expect(office.calls.some(({ name }) => name === 'create client')).toBe(false)
    })
  })

  describe('the page that starts a case', () => {
    const path = '/boards/order/start'
    const key = '0198c0de-0000-7000-8000-0000000000ab'

    it('asks for what the first stage names, as its types ask for, and for nothing that needs a consent not given', async () => {
      const { text } = await ewa.page(path)
      expect(text).toMatch(/<select id="in-field.bouquet"/)
      expect(text).toMatch(/id="in-field.price"[^>]*inputmode="decimal"/)
      expect(text).toMatch(/id="in-field.contact"[^>]*type="email"/)
      expect(text).not.toContain('field.allergy')
    })

    it('starts with what was filled in, for the new client it makes', async () => {
      const form = { key, name: 'Anna', 'field.bouquet': 'roses', 'field.price': '20,5', 'field.address': '' }
      expect((await ewa.send(path, form, path)).location).toMatch(/^\/cases\//)
      const [client] = office.clients.values()
      expect(client).toMatchObject({ name: 'Anna' })
      expect(office.calls.find(({ name }) => name === 'create client')).toMatchObject({ key: `${key}-client` })
      expect(office.calls.find(({ name }) => name === 'start')).toMatchObject({
        key,
        what: { process: 'order', client: client?.id, fields: { bouquet: 'roses', price: '20.5' } },
      })
    })

    it('comes back with what is wrong beside the field, nothing lost and nothing done', async () => {
      const form = { key, name: 'Anna', 'field.bouquet': 'roses', 'field.price': 'much' }
      const answer = await ewa.send(path, form, path)
      expect(answer.status).toBe(422)
      expect(answer.text).toMatch(
        /in-field.price-problem" value="much"[\s\S]*id="in-field.price-problem">Price must be/,
      )
      expect(answer.text).toMatch(/<option value="roses" selected/)
      expect(answer.text).toMatch(/id="card-name"[^>]*value="Anna"/)
      expect(answer.text).toContain(`name="key" value="${key}"`)
      expect([office.clients.size, office.cases.size]).toEqual([0, 0])
    })

    it('is led to from a client’s card, with the client chosen and what they consented to', async () => {
      const { client } = order()
      client.consents.allergies = 'given'
      const address = `${path}?client=${client.id}`
      expect((await ewa.page(`/clients/${client.id}`)).text).toContain(`href="${address}"`)
      const { text } = await ewa.page(address)
      expect(text).toContain(`name="client" value="${client.id}"`)
      expect(text).toContain('name="field.allergy"')
      await ewa.send(path, { client: client.id, 'field.bouquet': 'tulips' }, address)
      expect(office.calls.find(({ name }) => name === 'start')?.what).toEqual({
        process: 'order',
        client: client.id,
        fields: { bouquet: 'tulips' },
      })
      expect(office.clients.size).toBe(1)
    })

    it('finds a client who is known', async () => {
      const { client } = order()
      expect((await ewa.page(`${path}?q=ann`)).text).toContain(`href="${path}?client=${client.id}"`)
      expect((await ewa.page(`${path}?q=zoe`)).text).toContain('No client found')
      expect((await ewa.page(`${path}?client=none`)).status).toBe(404)
    })
  })

  describe('the case page', () => {
    it('shows fields as their types ask for, moves, refusals, letters, messages, consents and history', async () => {
      const { found } = order()
      office.letters.push({
        id: 'l',
        name: 'spring',
        at: '2026-05-25T08:00:00Z',
        status: 'skipped',
        because: 'no consent to `offers`',
      })
      office.messages.push({
        id: 'm',
        at: '2026-05-25T08:00:00Z',
        counted: false,
        mayCount: false,
        checks: [],
        namesLetter: false,
        because: { en: 'an automatic answer' },
      })
      const { text } = await ewa.page(`/cases/${found.id}`)
      expect(text).toMatch(/<select id="in-field.bouquet"[\s\S]*?<option value="roses" selected/)
      expect(text).toMatch(/id="in-field.price"[^>]*value="12.50" inputmode="decimal"/)
      expect(text).toMatch(/id="in-field.contact"[^>]*type="email"/)
      expect(text).not.toContain('name="field.allergy"')
      for (const words of [
        '<button name="to" value="cancelled">',
        'order.zgoda:40',
        'not sent',
        'an automatic answer',
        'did not count',
        'Choose flowers',
        '8 Jun 2026',
        'Filled in',
      ])
        expect(text).toContain(words)
    })

    it('calls the case, its fields, letters and purposes by their titles', async () => {
      const { found } = order()
      const { text } = await ewa.page(`/cases/${found.id}`)
      expect(text).toContain(`<h1>Order ${found.number}</h1>`)
      expect(text).toContain(`<title>Order ${found.number} · `)
      const history = text.slice(text.indexOf('id="history"'))
      for (const words of ['May we ask?', 'Bouquet, Delivery address', 'Choose flowers that are safe for you · given'])
        expect(history).toContain(words)
      expect(history).not.toContain('ask_consent')
      expect((await ewa.page(`/cases/${found.id}`, { 'accept-language': 'pl' })).text).toContain(
        `<h1>Zamówienie ${found.number}</h1>`,
      )
    })

    it('fills only what the person changed', async () => {
      const { found } = order()
      const path = `/cases/${found.id}`
      const form = {
        'was.bouquet': 'roses',
        'field.bouquet': 'roses',
        'was.price': '12.50',
        'field.price': '20,5',
        'was.address': '',
        'field.address': '',
      }
      expect(await ewa.send(`${path}/fields`, form, path)).toMatchObject({ status: 303, location: path })
      expect(office.calls.find(({ name }) => name === 'fill')?.what).toEqual({ price: '20.5' })
      expect(found.values.price).toBe(20.5)
    })

    it('shows a wrong value again as typed, with what is wrong beside it', async () => {
      const { found } = order()
      const path = `/cases/${found.id}`
      const answer = await ewa.send(`${path}/fields`, { 'was.price': '12.50', 'field.price': 'much' }, path)
      expect(answer.status).toBe(422)
      expect(answer.text).toMatch(
        /id="in-field.price"[^>]*aria-invalid="true" aria-describedby="in-field.price-problem" value="much"/,
      )
      expect(answer.text).toContain('id="in-field.price-problem"')
    })

    it('erases chosen values in three clicks: the link, the box, the button', async () => {
      const { found } = order()
      const path = `/cases/${found.id}`
      expect((await ewa.page(path)).text).toContain(`href="${path}/erase"`)
      expect((await ewa.page(`${path}/erase`)).text).toContain('name="field" value="bouquet"')
      await ewa.send(`${path}/erase`, { field: 'bouquet' }, `${path}/erase`)
      expect(found.values).toEqual({ price: 12.5 })
    })

    it.each([
      '/cases/1',
      '/cases/0198c0de-0000-7000-8000-000000000001',
      '/boards/none',
      '/boards/order?stage=none',
      '/clients/none',
    ])('%s is not found, as a page', async (path) => {
      const answer = await ewa.page(path)
      expect([path, answer.status]).toEqual([path, 404])
      expect(answer.text).toContain('There is nothing here')
    })
  })

  describe('the client’s page', () => {
    it('records what the client said, with how they said it', async () => {
      const { client } = order()
      const path = `/clients/${client.id}`
      const answer = await ewa.send(
        `${path}/consents`,
        { purpose: 'offers', decision: 'given', note: 'on paper' },
        path,
      )
      expect(answer.location).toBe(`${path}#consents`)
      expect(client.records).toMatchObject([
        { purpose: 'offers', decision: 'given', evidence: { channel: 'paper', note: 'on paper' } },
      ])
      expect((await ewa.page(path)).text).toContain('on paper')
      expect((await ewa.send(`${path}/consents`, { purpose: 'offers', decision: 'maybe' }, path)).status).toBe(422)
    })

    it('hands out a code for the portal, shown once', async () => {
      const { client } = order()
      const path = `/clients/${client.id}`
      const answer = await ewa.send(`${path}/portal-code`, {}, path)
      expect(answer.text).toContain('abcd-efgh-jkmn')
      expect((await ewa.page(path)).text).not.toContain('abcd-efgh-jkmn')
    })

    it('erases after a page that says what goes', async () => {
      const { client } = order()
      const path = `/clients/${client.id}`
      expect((await ewa.page(`${path}/erase`)).text).toMatch(/can not be undone[\s\S]*letters, messages and files/)
      const answer = await ewa.send(`${path}/erase`, {}, `${path}/erase`)
      expect(answer.text).toContain('c0ffee')
      expect(answer.text).not.toContain('Anna<')
      expect(office.clients.size).toBe(0)
    })

    it('changes the card and clears what was emptied', async () => {
      const { client } = order()
      const path = `/clients/${client.id}`
      await ewa.send(path, { name: 'Anna Nowak', email: '', phone: ' ' }, path)
      expect(office.calls.find(({ name }) => name === 'update client')?.what).toEqual({
        name: 'Anna Nowak',
        email: null,
        phone: null,
      })
    })
  })

  it('show notifications until they are read', async () => {
    const id = '0198c0de-0000-7000-8000-000000000001'
    office.notifications.push({
      id,
      at: '2026-05-25T08:00:00Z',
      text: { en: 'Please read the letter' },
      caseId: id,
      caseNumber: '7',
      process: 'order',
      read: false,
    })
    expect((await ewa.page('/')).text).toContain(`<a href="/cases/${id}">Order 7</a>`)
    expect((await ewa.page('/')).text).toMatch(/class="some">1<[\s\S]*Please read the letter/)
    await ewa.send(`/notifications/${id}/read`, {}, '/')
    expect((await ewa.page('/')).text).not.toContain('class="some"')
  })

  it('come compressed with a token that never repeats', async () => {
    const tokens = new Set<string>()
    for (let asked = 0; asked < 3; asked++) {
      const answer = await ewa.page('/clients', { 'accept-encoding': 'gzip' })
      expect(answer.headers.get('content-encoding')).toBe('gzip')
      tokens.add(/name="_csrf" value="([^"]+)"/.exec(answer.text)?.[1] ?? '')
    }
    expect(tokens.size).toBe(3)
  })

  it('bring their stylesheet and scripts from here, kept by the browser for as long as they are the same', async () => {
    const { text } = await ewa.page('/')
    const assets = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, address]) => address ?? '')
    expect(assets).toHaveLength(5)
    for (const address of assets) {
      const answer = await ewa.page(address)
      expect([address, answer.status]).toEqual([address, 200])
      expect(answer.headers.get('cache-control')).toContain('immutable')
      const again = await ewa.page(address.split('?')[0] ?? '', {
        'if-none-match': answer.headers.get('etag') ?? '',
        'cache-control': 'max-age=0',
      })
      expect(again.status).toBe(304)
    }
    expect((await ewa.page('/assets/..%2fserver.ts')).status).toBe(404)
  })
})
