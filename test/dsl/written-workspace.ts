import { readdirSync, readFileSync } from 'node:fs'
import { WrittenWorkspace } from '../../dsl/language-service/index.ts'

/** A workspace of files by name. */
export function workspaceOf(files: Readonly<Record<string, string>>): WrittenWorkspace {
  const workspace = new WrittenWorkspace()
  for (const [name, text] of Object.entries(files)) workspace.set(name, text)
  return workspace
}

/** The flower shop in one of its notations. */
export function florist(notation: 'text' | 'yaml'): WrittenWorkspace {
  const folder = `examples/florist/${notation}`
  return workspaceOf(
    Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')])),
  )
}

/** The text of a file with some words of it replaced. */
export function replaced(workspace: WrittenWorkspace, file: string, words: string, by: string): string {
  const text = workspace.source(file)?.text ?? ''
  if (!text.includes(words)) throw new Error(`\`${file}\` does not say \`${words}\``)
  return text.replace(words, () => by)
}

/** Every kind of name, mentioned in every way, in both notations. */
export const everyKind = {
  'a.zgoda': `role clerk "Clerk" { clients: see }
purpose shipping "Ship it" { basis contract text "We ship." keep until end }
purpose news "News" { basis consent text "News." keep until end }
letter hello "Hello {{ weight }}" {
  for shipping
  body """
  {{ purpose.news.text }} {% if weight %}{{ weight | plus: weight }}{% endif %} {{ client.name }}
  """
}
document bill "Bill" { body "{{ weight }}" }
webhook carrier { url "https://carrier.example" recipient "Carrier" for shipping }
table postage "Postage" (kilos number, land choice (pl, de)) gives money {
  kilos <= 2 and land = pl: 12
  otherwise: kilos * 2
}
form begin "Begin" {
  starts parcel
  ask weight required
  ask consent to news when weight > 1
}
process parcel "Parcel" {
  access clerk: see, move
  field weight "Weight" number default 1
  field land "Country" choice (pl, de)
  field other "Other address" email personal for shipping
  field helper "Helper" person
  show weight to clerk, client
  stage packed "Packed" {
    edit weight, land
    require weight
    needs consent to news, otherwise go to sent
    on enter {
      send hello to other attach bill when consent to news
      send hello to clerk
      notify clerk "Look"
      set weight to postage(weight, land) / 2
      record consent to news
      assign to helper
      start parcel with weight = weight
      write bill
      call carrier with weight
      erase other
    }
    on reply from client to hello saying "yes" { record consent to news }
    on form begin { notify clerk "Look" }
    on signal arrived go to sent
    on consent to news given { assign to clerk }
    when case.stage = packed and not stage was sent and weight is filled go to sent
    move to sent by clerk when weight in (1, 2)
  }
  final stage sent "Sent" success
}
`,
  'b.yaml': `processes:
  complaint:
    title: Complaint
    access: { clerk: [see, move] }
    fields:
      weight: { title: Weight, type: number }
    stages:
      new:
        enter:
          - start: { process: parcel, with: { weight: weight + 1, "land": pl } }
          - set: { field: weight, to: "postage(weight, \\u0070l)" }
        signal: [{ name: arrived, goTo: closed }]
        moves:
          - { to: closed, by: [clerk], when: "consent to news is given" }
      closed: { final: true }
forms:
  more:
    fills: complaint
    ask: [{ field: weight, when: weight is missing }]
`,
}
