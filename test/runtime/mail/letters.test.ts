import { describe, expect, it } from 'vitest'
import type { CaseState } from '../../../engine/case.ts'
import { compose, TemplateError } from '../../../runtime/mail/compose.ts'
import { workspaceLanguage } from '../../../runtime/mail/languages.ts'
import { render } from '../../../runtime/mail/render.ts'
import { process, state, workspace } from './workspace.ts'

const place = { file: 'shop.zgoda', line: 1, column: 1 }

function letter(body: string, of: CaseState = state({}), language = 'en', documents: string[] = []) {
  return compose(
    workspace(
      body,
      '# Agreement\n\n{% for purpose in purposes %}## {{ purpose.title }}\n\n{{ purpose.text }} Kept: {{ purpose.keep }}.\n{% endfor %}',
    ),
    'ask',
    { process, state: of, language, documents },
  )
}

function text(body: string, of?: CaseState, language = 'en'): string {
  return render(letter(body, of, language).markdown, { language }).text.trim()
}

describe('a letter', () => {
  it('knows the case, the client, the company, the fields and the purposes', () => {
    const of = state({ bouquet: 'roses', price: 45, paid: false, extras: ['card', 'ribbon'] }, { name: 'Anna' })
    const body =
      '{{ client.name }}, {{ case.number }} of {{ case.created }}, {{ case.stage }}: {{ bouquet }}, {{ price }}, {{ paid }}, {{ extras }}. {{ purpose.allergies.text }} {{ company.name }}'
    expect(text(body, of)).toBe(
      'Anna, ORDER-7 of 2026-05-25, Waiting: roses, 45.00, no, card, ribbon. We pick flowers that do not harm you. Flowers & Co',
    )
  })

  it('speaks Polish to those who chose it', () => {
    const said = text(
      '{{ paid }} {{ case.stage }} {{ purpose.allergies.title }}, {{ purpose.allergies.keep }}',
      state({ paid: true }),
      'pl',
    )
    expect(said).toBe('tak Czekamy Bezpieczne kwiaty, 2 lata od udzielenia zgody')
  })

  it('lets conditions compare values as what they are', () => {
    const of = state({ paid: false, price: 9.5 })
    expect(
      text('{% if paid %}paid{% else %}open{% endif %} {% if price > 10 %}much{% else %}little{% endif %}', of),
    ).toBe('open little')
  })

  it('leaves out a value whose consent does not stand, with the marks around it', () => {
    const body = 'We avoid **{{ allergy }}**{% if allergy %} for you{% endif %}.'
    expect(text(body, state({ allergy: 'lilies' }))).toBe('We avoid .')
    expect(text(body, state({ allergy: 'lilies' }, { consents: { allergies: 'given' } }))).toBe(
      'We avoid lilies for you.',
    )
  })

  it('attaches a document that lists the purposes of the process alone, in words', () => {
    const [document] = letter('hello', state({}), 'en', ['agreement']).attachments
    expect(document?.name).toBe('agreement.pdf')
    expect(document?.markdown).toContain('Safe flowers')
    expect(document?.markdown).not.toContain('Offers')
    expect(render(document?.markdown ?? '', { language: 'en' }).text).toContain(
      'Kept: 2 years after you gave your consent.',
    )
  })

  it('prints what a client typed, and never obeys it', () => {
    const typed =
      '**b** <script>alert(1)</script> [x](http://evil.example) http://evil.example &lt; `c` # h\n1. one\n- two\n    code'
    const markdown = letter(
      'For **{{ bouquet }}**:\n\n- {{ bouquet }}\n\n`{{ bouquet }}`\n\n| a |\n|---|\n| {{ bouquet }} |',
      state({ bouquet: typed }),
    ).markdown
    const { html, text: plain } = render(markdown, { language: 'en' })
    expect(html).not.toMatch(/<script|<a |<h1|&lt;script&gt;alert\(1\)<\/|onerror/)
    expect(html.match(/<li/g)).toHaveLength(1)
    expect(html.match(/<strong/g)).toHaveLength(1)
    expect(html).toContain('**b** &lt;script&gt;alert(1)&lt;/script&gt; [x](http://evil.example)')
    expect(plain).toContain(
      '**b** <script>alert(1)</script> [x](http://evil.example) http://evil.example &lt; `c` # h\n1. one\n- two\ncode',
    )
  })

  it('offers a template no way to print a value unescaped', () => {
    const { html } = render(
      letter('{{ bouquet | raw }} {{ bouquet | escape }}', state({ bouquet: '<b>x</b>' })).markdown,
      { language: 'en' },
    )
    expect(html).toContain('&lt;b&gt;x&lt;/b&gt; &lt;b&gt;x&lt;/b&gt;')
  })

  it('keeps its subject on one line, whatever a value holds', () => {
    const definition = workspace('hello', '', 'For {{ client.name }}')
    const of = state({}, { name: 'Anna\r\nBcc: all@evil.example' })
    expect(compose(definition, 'ask', { process, state: of, language: 'en', documents: [] }).subject).toBe(
      'For Anna Bcc: all@evil.example',
    )
  })

  it.each([
    ['an unknown filter', '{{ bouquet | shout }}'],
    ['an open tag', '{% if paid %}'],
    ['a file', '{% render "/etc/passwd" %}'],
    ['a file to include', '{% include "../secret" %}'],
    ['a loop without end', '{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}'],
    [
      'more words than a letter may have',
      '{% for a in (1..20000) %}nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn{% endfor %}',
    ],
  ])('is refused with %s, naming the letter and no value', (_, body) => {
    const fault = () => letter(body, state({ bouquet: 'secret roses' }))
    expect(fault).toThrow(TemplateError)
    expect(fault).toThrow(/^letter ask: /)
    expect(fault).not.toThrow(/secret roses/)
  })

  it('does not reach what stands behind the values', () => {
    expect(
      text('[{{ bouquet.constructor }}{{ client.constructor.name }}{{ __proto__ }}]', state({ bouquet: 'roses' })),
    ).toBe('[]')
  })
})

describe('the parts of a letter', () => {
  it('both lead to the client’s data and consents, in the client’s language', () => {
    const portalUrl = 'https://shop.example/portal?t=a&b=1'
    const english = render('Hello', { language: 'en', portalUrl })
    expect(english.text).toContain(`Your data and consents: ${portalUrl}`)
    expect(english.html).toContain('href="https://shop.example/portal?t=a&amp;b=1"')
    const polish = render('Hello', { language: 'pl', portalUrl })
    expect(polish.text).toContain(`Twoje dane i zgody: ${portalUrl}`)
    expect(polish.html).toContain('Twoje dane i zgody')
  })

  it('read well as plain text', () => {
    const { text: plain } = render(
      '# Hello\n\nReply **I agree** or *no*, see [terms](https://x.example/t).\n\n1. one\n2. two\n   - deep\n\n> quoted &nbsp;words\n\n---\n\nend',
      { language: 'en' },
    )
    expect(plain).toBe(
      'Hello\n\nReply I agree or no, see terms (https://x.example/t).\n\n1. one\n2. two\n   - deep\n\n| quoted \u00a0words\n\n* * *\n\nend\n',
    )
  })

  it('hold no script, picture, style or dangerous link of a template', () => {
    const { html } = render(
      '<img src=x onerror=a()><style>p{}</style><p style="x" onclick="a()">x</p>[y](javascript:a) ![z](https://x.example/z.png)',
      { language: 'en' },
    )
    expect(html).not.toMatch(/<img|<style|onclick|onerror|javascript|z\.png/)
  })
})

describe('the words of a letter', () => {
  const options = {
    language: 'en',
    company: { name: 'Flowers & Co', address: 'Long Street 1', email: 'office@flowers.example' },
    why: { consent: 'Offers' },
    portalUrl: 'https://shop.example/portal/l/a',
    unsubscribeUrl: 'https://shop.example/portal/u/a',
  }
  /** What a reader sees of HTML, without the letterhead and what only lists of letters show; links as plain text has them. */
  const seen = (html: string) =>
    html
      .replace(/<head>.*?<\/head>/s, '')
      .replace(/<div style="display:none.*?<\/div>/s, '')
      .replace(/<p style="[^"]*font-weight:600">.*?<\/p>/s, '')
      .replace(/<a href="([^"]*)"[^>]*>(.*?)<\/a>/g, '$2 $1')
      .replace(/<\/?(?:em|strong)\b[^>]*>/g, '')
      .replace(/<[^>]*>/g, ' ')
      .replaceAll('&amp;', '&')
      .split(/[\s:()—|*-]+/)
      .filter((word) => word !== '')

  it('are the same in both parts, what stands below too', () => {
    const { text: plain, html } = render(
      '# Hello\n\nDear *Anna*, see [the terms](https://shop.example/t):\n\n- one\n- **two**\n\n> said before\n\nBye',
      options,
    )
    expect(seen(html)).toEqual(plain.split(/[\s:()—|*-]+/).filter((word) => word !== ''))
  })

  it('say who writes, why, and how to be free of it, in the language of the letter', () => {
    const english = render('Hello', options).text
    expect(english.split('\n—\n')[1]).toBe(
      'Flowers & Co, Long Street 1, office@flowers.example\nYou get this letter because you agreed to: Offers.\nStop these letters: withdraw your consent: https://shop.example/portal/u/a\nYour data and consents: https://shop.example/portal/l/a\n',
    )
    const polish = render('Dzień dobry', { ...options, language: 'pl', why: { case: '12' } }).text
    expect(polish).toContain('Ten list dotyczy Twojej sprawy 12.')
    expect(polish).toContain('Nie chcę takich listów: wycofuję zgodę: https://shop.example/portal/u/a')
  })

  it('begin the glance that lists of letters show, in place of the letterhead', () => {
    expect(render(`Hello ${'word '.repeat(60)}`, options).html).toMatch(
      /<body[^>]*>\s*<div style="display:none[^"]*">Hello word (word )*…<\/div>/,
    )
  })

  it('stand on light and dark grounds alike: no colour of text or ground is set', () => {
    const { html } = render('# Hello\n\n> said\n\n[link](https://shop.example)', options)
    expect(html).toContain('<meta name="color-scheme" content="light dark">')
    expect(html).not.toMatch(/[";](?:color|background(?:-color)?):/)
  })

  const hostile = [
    '# heading',
    '- item\n- item',
    '1. one\n2. two',
    '> quoted',
    '---',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '```\ncode\n```',
    '[x](javascript:alert(1))',
    '![x](https://evil.example/x.png)',
    '<a href="https://evil.example">x</a>',
    '</div></td></table><form action="https://evil.example"><input>',
    '<https://evil.example>',
    'https://evil.example www.evil.example eve@evil.example',
    '{{ client.email }}{% for a in (1..9) %}x{% endfor %}',
    '{% raw %}{{ x }}',
    '**bold** _em_ ~~del~~ `code`',
    '&lt;b&gt; &#60;script&#62;',
    'a\n\n\nb\n===\nc',
    '\u202Egnp.exe\u0000',
  ]

  it.each(hostile)('keep their form where a client is called `%s`', (name) => {
    const body = 'Dear {{ client.name }},\n\n- **{{ client.name }}**\n\n| a |\n|---|\n| {{ client.name }} |\n\nBye'
    const form = (called: string) => {
      const { html, text: plain } = render(letter(body, state({}, { name: called })).markdown, options)
      const tags = html.replace(/<div style="display:none.*?<\/div>/s, '').match(/<\/?[a-z][a-z0-9]*/g)
      return { tags: tags?.filter((tag) => tag !== '<br'), plain }
    }
    const { tags, plain } = form(name)
    expect(tags).toEqual(form('Anna').tags)
    expect(plain).not.toMatch(/xxxx|undefined/)
    if (name.startsWith('{{')) expect(plain).toContain('{{ client.email }}')
  })
})

describe('the language of a letter', () => {
  it('is English for those who have chosen none, unless the workspace writes no letter in it', () => {
    const written = (...bodies: Record<string, string>[]) =>
      workspaceLanguage({
        letters: Object.fromEntries(
          bodies.map((body, at) => [`l${at}`, { name: `l${at}`, subject: body, body, uses: [], at: place }]),
        ),
      })
    expect(written()).toBe('en')
    expect(written({ pl: 'Dzień dobry' })).toBe('pl')
    expect(written({ pl: 'Dzień dobry' }, { en: 'Hello' })).toBe('en')
    expect(written({ de: 'Guten Tag' })).toBe('en')
  })
})
