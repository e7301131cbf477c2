import { describe, expect, it } from 'vitest'
import { html, sentence } from '../../../runtime/http/html.ts'

describe('html', () => {
  it('escapes what it is given, in text and in attributes', () => {
    const name = `"><script>alert('&')</script>`
    const markup = html`<a title="${name}">${name}</a>`.toString()
    expect(markup).not.toContain('<script>')
    expect(markup.match(/"/g)).toHaveLength(2)
    expect(markup.match(/>/g)).toHaveLength(2)
  })

  it('takes other html as it is, joins lists, and leaves nothing for nothing', () => {
    expect(
      html`<ul>${['a', '<b>'].map((item) => html`<li>${item}</li>`)}</ul>${undefined}${null}${false}${0}`.toString(),
    ).toBe('<ul><li>a</li><li>&#60;b&#62;</li></ul>0')
  })

  it('escapes a string that looks like its own output, and an exclamation mark before it changes nothing', () => {
    const markup = html`<i>x</i>`.toString()
    expect(html`Hello!${markup}`.toString()).toBe('Hello!&#60;i&#62;x&#60;/i&#62;')
  })

  it('sets names in backticks apart, escaped', () => {
    expect(html`${sentence('no `<b>` here')}`.toString()).toBe('no <code>&#60;b&#62;</code> here')
  })
})
