// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${1:name}` is how editors write a place to fill in
import type { BodyOf } from '../text/body.ts'

/** Statements that come with a body or with parts in a fixed order, by the body they stand in. */
const snippets: { readonly [of in BodyOf]?: Readonly<Record<string, string>> } = {
  workspace: {
    company: 'company "${1:Name}" {\n  address "$2"\n  email "$3"\n  officer "$4"\n}',
    role: 'role ${1:name} "${2:Title}" {\n  clients: ${3:see}\n}',
    purpose: 'purpose ${1:name} "${2:Title}" {\n  basis ${3:consent}\n  text "$4"\n  keep ${5:until end}\n}',
    letter: 'letter ${1:name} "${2:Subject}" {\n  body """\n$0\n"""\n}',
    document: 'document ${1:name} "${2:Title}" {\n  body """\n$0\n"""\n}',
    form: 'form ${1:name} "${2:Title}" {\n  starts ${3:process}\n  ask ${4:field} required\n}',
    process:
      'process ${1:name} "${2:Title}" {\n  access ${3:role}: see, move, edit\n\n  field ${4:name} "${5:Title}" ${6:text}\n\n  stage ${7:new} "${8:New}" {\n    edit ${4:name}\n    move to ${9:done}\n  }\n\n  final stage ${9:done} "${10:Done}" success\n}',
    webhook: 'webhook ${1:name} {\n  url "https://$2"\n  recipient "$3"\n  for ${4:purpose}\n}',
    table:
      'table ${1:name} "${2:Title}" (${3:input} ${4:number}) gives ${5:number} {\n  ${6:$3 <= 1}: ${7:0}\n  otherwise: ${8:0}\n}',
    hours: 'hours {\n  monday to friday 8:00 to 16:00\n}',
  },
  process: {
    stage: 'stage ${1:name} "${2:Title}" {\n  $0\n}',
    final: 'final stage ${1:name} "${2:Title}" success',
    field: 'field ${1:name} "${2:Title}" ${3:text}',
  },
}

/** What a statement looks like as a whole, where writing it word by word would be work. */
export function snippetOf(word: string, of: BodyOf): string | undefined {
  return snippets[of]?.[word]
}
