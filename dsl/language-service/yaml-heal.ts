import { Source } from '../source.ts'
import { readYaml } from '../yaml/document.ts'

const mostLines = 8

/**
 * The same file with mistakes of YAML itself taken out, so that what stands around them can be read: brackets that the line
 * at `offset` leaves open are closed, and other lines that can't be read are blank. Everything before `offset` keeps its place.
 */
export function healed(source: Source, offset: number): Source {
  const { line } = source.position(offset)
  let made = withBracketsClosed(source, offset)
  for (let blanked = 0; blanked < mostLines; blanked++) {
    const bad = readYaml(made).problems.find((problem) => problem.line !== line)
    if (!bad) return made
    made = withoutLine(made, bad.line)
  }
  return made
}

function withoutLine(source: Source, line: number): Source {
  const start = source.offset(line, 1)
  const words = source.line(line)
  const text = source.text.slice(0, start) + ' '.repeat(words.length) + source.text.slice(start + words.length)
  return new Source({ name: source.name, text })
}

const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']' }

function withBracketsClosed(source: Source, offset: number): Source {
  const { line } = source.position(offset)
  const words = source.line(line)
  const open: string[] = []
  for (const character of words.replace(/"[^"]*"|'[^']*'|\s#.*$/g, '')) {
    if (closing[character]) open.push(closing[character])
    else if (character === open.at(-1)) open.pop()
  }
  if (open.length === 0) return source
  const end = source.offset(line, 1) + words.length
  const text = source.text.slice(0, end) + open.reverse().join('') + source.text.slice(end)
  return new Source({ name: source.name, text })
}
