import type { ReadingCheck } from './check.ts'

export const z413: ReadingCheck = {
  code: 'Z413',
  severity: 'error',
  title: 'a purpose without a text',
  rule: 'Clients read what their data are used for before they give them: in forms, letters and the portal, in words of the purpose.',
  source: 'GDPR Art. 13(1)(c)',
  find: function* ({ purposes }) {
    for (const { name, text, at } of Object.values(purposes)) {
      if (text) continue
      yield {
        at,
        message: `purpose \`${name}\` does not say what the data are used for`,
        hint: {
          text: 'write `text "…"`: a sentence or two that any client understands',
          yaml: 'write `text: …`: a sentence or two that any client understands',
        },
      }
    }
  },
  wrong: `purpose delivery "Deliver your order" {
  basis contract
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
    keep: until end`,
  rightYaml: `purposes:
  delivery:
    title: Deliver your order
    basis: contract
    text: We use your address to bring the flowers.
    keep: until end`,
}
