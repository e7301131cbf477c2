import type { Name, TextNode } from '../tree.ts'
import type { Doc } from './doc.ts'
import { translated } from './literals.ts'
import { unreadable } from './unreadable.ts'

interface Headed {
  readonly name: Name | undefined
  readonly title?: TextNode
}

/** `WORD NAME ["Title"]`: what a declaration is called, in parts. `more` stands right behind the name. */
export function heading(word: string, { name, title }: Headed, more = ''): Doc[] {
  if (!name) return unreadable()
  const called = `${word} ${name.text}${more}`
  if (!title) return [called]
  const [words = '', ...translations] = translated(title)
  return [[called, ' ', words], ...translations]
}
