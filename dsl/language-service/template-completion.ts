import { templateWords } from '../resolve/template.ts'
import type { Source } from '../source.ts'
import type { Completion, Completions } from './completion.ts'
import { Offers, placeholder } from './offers.ts'
import type { WrittenWorkspace } from './workspace.ts'

/** Completion inside the text of a letter or document: in `{{ … }}` and `{% … %}`, nowhere else. */
export function completeTemplate(
  workspace: WrittenWorkspace,
  source: Source,
  string: { readonly start: number; readonly end: number },
  offset: number,
): Completions {
  const before = source.text.slice(string.start, offset)
  const opened = Math.max(before.lastIndexOf('{{'), before.lastIndexOf('{%'))
  const written = before.slice(opened + 2)
  if (opened < 0 || /[%}]\}/.test(written)) return { start: offset, end: offset, items: [] }
  const path = /[A-Za-z_][\w.]*$/.exec(written)?.[0] ?? ''
  const start = offset - (path.length - path.lastIndexOf('.') - 1)
  const isTag = before.startsWith('{%', opened)
  const said = written.slice(0, written.length - path.length)
  const items = isTag && /^-?\s*$/.test(said) ? words('tags') : /\|\s*$/.test(said) ? words('filters') : undefined
  return { start, end: offset, items: items ?? variablesAt(workspace, source, string.start + opened, offset, path) }
}

function words(kind: 'tags' | 'filters'): Completion[] {
  return templateWords()[kind].map((label) => ({ label, kind: kind === 'tags' ? 'keyword' : 'function' }))
}

/** As the tag stands, or where it can't be read, as a `{{ … }}` of its own, so that the rest of the tag does not matter. */
function variablesAt(
  workspace: WrittenWorkspace,
  source: Source,
  opened: number,
  offset: number,
  path: string,
): readonly Completion[] {
  const { text } = source
  const known = path.slice(0, path.lastIndexOf('.') + 1)
  const rest = text.slice(offset)
  const closed = /^[^{}\n]*?[%}]\}/.exec(rest)?.[0] ?? ''
  const tag = text.slice(opened, offset + closed.length)
  const isWholeTag = tag.startsWith('{%') && closed !== ''
  const probe = `{{ ${known}${placeholder} }}`
  const before = text.slice(0, opened)
  const attempts = [
    text.slice(0, offset - path.length) + known + placeholder + rest,
    ...(isWholeTag ? [before + probe + text.slice(opened)] : []),
    before + probe + rest.slice(closed.length),
  ]
  const offers = new Offers()
  for (const attempt of attempts) if (!offers.any) workspace.listen(source.name, attempt, offers)
  return offers.items
}
