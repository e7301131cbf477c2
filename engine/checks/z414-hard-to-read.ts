import type { ReadingCheck } from './check.ts'
import { hardToRead } from './plain-language.ts'

export const z414: ReadingCheck = {
  code: 'Z414',
  severity: 'warning',
  title: "a purpose's text that is hard to read",
  rule: 'What clients are told is concise and in clear and plain language: short sentences, common words, no articles of law. A text of over 600 characters, a sentence of over 30 words, sentences of over 22 words on average, and the words of lawyers are told.',
  source: 'GDPR Art. 12(1)',
  find: function* ({ purposes }) {
    for (const { name, text, at } of Object.values(purposes)) {
      for (const [language, words] of Object.entries(text ?? {})) {
        const hurdles = hardToRead(words)
        if (hurdles.length === 0) continue
        yield {
          at,
          message: `the text of \`${name}\` (${language}) is hard to read: ${hurdles.map(({ what }) => what).join('; ')}`,
          hint: hurdles.map(({ instead }) => instead).join('; '),
        }
      }
    }
  },
  wrong: `purpose delivery "Deliver your order" {
  basis contract
  text "Pursuant to the contract, the address of the data subject is used for delivery."
  keep until end
}`,
  right: `purpose delivery "Deliver your order" {
  basis contract
  text "We use your address to bring the flowers."
  keep until end
}`,
  wrongYaml: `purposes:
  delivery:
    title: Deliver your order
    basis: contract
    text: Pursuant to the contract, the address of the data subject is used for delivery.
    keep: until end`,
  rightYaml: `purposes:
  delivery:
    title: Deliver your order
    basis: contract
    text: We use your address to bring the flowers.
    keep: until end`,
}
