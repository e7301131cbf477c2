import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkFolder } from '../../dsl/index.ts'
import { checkWorkspace } from '../../runtime/checked-workspace.ts'
import { type TestServer, testServer } from '../server.ts'

const rights = { en: 'You can withdraw any consent at any time', pl: 'Każdą zgodę możesz wycofać w dowolnej chwili' }
const kept = { en: 'Kept: ', pl: 'Przechowujemy: ' }
const passedOn = { en: /Passed on to/, pl: /(Przekazujemy|Nikomu nie przekazujemy)/ }

describe('R06: who asks, what for, for how long and who else, before the data are given (GDPR Art. 13, rec. 42)', () => {
  for (const example of ['florist/text', 'newsletter', 'recruitment', 'membership', 'rental', 'loan', 'complaint']) {
    describe(`the forms of ${example}`, () => {
      let server: TestServer
      beforeAll(async () => {
        server = await testServer(example, {
          calls: { allow: new Set(), secret: () => 'a-secret-for-tests-0123456789abcdef' },
        })
      })
      afterAll(() => server?.stop())

      it.each(['en', 'pl'] as const)('say it in %s, above the button that sends them', async (language) => {
        const { definition } = await checkFolder(`examples/${example}`)
        const forms = Object.values(definition?.forms ?? {}).filter(
          ({ starts }) => starts && definition?.processes[starts]?.portal,
        )
        for (const { name, questions, starts } of forms) {
          const answer = await fetch(`${server.url}/portal/forms/${name}`, { headers: { 'accept-language': language } })
          const page = unescaped(await answer.text())
          const told = page.slice(0, page.lastIndexOf('<button class="primary">'))
          expect(told, name).toContain(definition?.company?.name)
          expect(told, name).toContain(rights[language])
          const asked = questions.flatMap(({ ask }) =>
            'consent' in ask ? [ask.consent] : (definition?.processes[starts ?? '']?.fields[ask.field]?.personal ?? []),
          )
          for (const purpose of new Set(asked)) {
            const declared = definition?.purposes[purpose]
            expect(told, `${name}: ${purpose}`).toContain(declared?.text?.[language] ?? declared?.text?.en)
            for (const recipient of declared?.recipients ?? []) expect(told).toContain(recipient)
            if (declared?.keep) expect(told).toContain(kept[language])
          }
          if (asked.length > 0) expect(told, name).toMatch(passedOn[language])
        }
      })
    })
  }

  describe('the portal', () => {
    let shop: TestServer
    beforeAll(async () => {
      shop = await testServer('florist/text')
    })
    afterAll(() => shop?.stop())

    it('tells it again before a consent is given there', async () => {
      const florist = await shop.as('florist')
      const client = (await florist.post('/clients', {})).body.id
      const { code } = (await florist.post(`/clients/${client}/portal-code`)).body
      const entered = await fetch(`${shop.url}/portal/code`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ code }),
      })
      const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
      const page = unescaped(
        await (await fetch(`${shop.url}/portal/consents/offers/give`, { headers: { cookie } })).text(),
      )
      for (const words of [
        "Anna's Flowers",
        'About once a month',
        '2 years after you gave consent',
        'Passed on to nobody',
        rights.en,
      ])
        expect(page).toContain(words)
    })
  })

  it('refuses a workspace that does not say who asks, or what for', async () => {
    const shop = (company: string, text: string) => `
${company}
role clerk "Clerk" { clients: see, edit, erase }
purpose offers "Offers" { basis contract ${text} keep until end }
process order "Order" {
  access clerk: see, move, edit, erase
  field wish "Wish" text personal for offers
  stage new "New" {
    edit wish
    move to done by clerk
  }
  final stage done "Done" { on enter { erase wish } }
}
`
    const folder = await mkdtemp(join(tmpdir(), 'zgoda-informed-'))
    const codes = async (text: string) => {
      await writeFile(join(folder, 'w.zgoda'), text)
      return (await checkWorkspace(folder)).problems.map(({ code }) => code)
    }
    const company = 'company "Shop" { address "Long Street 1" email "a@b.example" }'
    expect(await codes(shop(company, 'text "We write to you."'))).not.toContain('Z412')
    expect(await codes(shop('', 'text "We write to you."'))).toContain('Z412')
    expect(await codes(shop(company, ''))).toContain('Z413')
    await rm(folder, { recursive: true })
  })
})

function unescaped(page: string): string {
  return page.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}
