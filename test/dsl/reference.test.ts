import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { convertFile, readWorkspace } from '../../dsl/index.ts'

/**
 * The pieces of the language's reference. Each is read inside the workspace that the page begins with, at the place that its
 * mark names: `zgoda stage` is a piece of a stage in Zgoda text.
 */
const page = readFileSync(join(import.meta.dirname, '../../docs/language.md'), 'utf8')

interface Piece {
  readonly notation: 'zgoda' | 'yaml'
  readonly place: string
  readonly text: string
  readonly line: number
}

const pieces: Piece[] = [...page.matchAll(/^```(zgoda|yaml)(?: (\w+))?\n([\s\S]*?)^```$/gm)].map((found) => ({
  notation: found[1] as Piece['notation'],
  place: found[2] ?? 'file',
  text: found[3] ?? '',
  line: page.slice(0, found.index).split('\n').length,
}))

const prelude = pieces.find(({ place }) => place === 'prelude')?.text ?? ''

/** The prelude in the notation of a piece, with the piece at its place. */
function workspaceOf({ notation, place, text }: Piece): string {
  if (notation === 'zgoda') return textWorkspace(place, text)
  const answer = convertFile({ name: 'prelude.zgoda', text: prelude })
  if (!('text' in answer)) throw new Error('the prelude can’t be converted')
  const yaml = answer.text
  return put(
    yaml,
    '# more of the stage',
    place === 'actions' ? `reply:\n  - saying: yes\n    do:\n${indented(text, '      ')}` : text,
  )
}

function textWorkspace(place: string, text: string): string {
  if (place === 'actions') return put(prelude, '# more of the stage', `on reply from client saying "yes" {\n${text}\n}`)
  return put(prelude, '# more of the stage', place === 'expression' ? expressionRules(text) : text)
}

function expressionRules(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `when ${line} go to arranging`)
    .join('\n')
}

/** A piece in place of a mark, set as deep as the mark is. */
function put(whole: string, mark: string, piece: string): string {
  const margin = new RegExp(`^( *)${mark}$`, 'm').exec(whole)
  if (!margin) throw new Error(`there is no \`${mark}\``)
  return whole.replace(margin[0], () => indented(piece, margin[1] ?? ''))
}

function indented(text: string, margin: string): string {
  return text.trimEnd().replace(/^(?=.)/gm, margin)
}

function problemsOf(piece: Piece): string[] {
  const own = { name: `piece.${piece.notation}`, text: piece.text }
  const files =
    piece.place === 'file'
      ? [{ name: 'prelude.zgoda', text: prelude }, own]
      : [{ ...own, text: piece.place === 'prelude' ? prelude : workspaceOf(piece) }]
  return readWorkspace(files).problems.map(({ line, message }) => `${line}: ${message}`)
}

describe('the reference of the language', () => {
  it.each(pieces)('has a sound piece of $notation ($place) at line $line', (piece) => {
    expect(problemsOf(piece)).toEqual([])
  })

  it('says the same in both notations where both stand together', () => {
    let pairs = 0
    for (const [index, piece] of pieces.entries()) {
      const next = pieces[index + 1]
      if (piece.notation !== 'zgoda' || next?.notation !== 'yaml' || next.place !== piece.place) continue
      pairs += 1
      expect(definitionOf(next), `line ${next.line}`).toEqual(definitionOf(piece))
    }
    expect(pairs).toBeGreaterThan(10)
  })
})

/** What a piece means, wherever it stands. */
function definitionOf(piece: Piece): unknown {
  const own = { name: `piece.${piece.notation}`, text: piece.place === 'file' ? piece.text : workspaceOf(piece) }
  const files = piece.place === 'file' ? [{ name: 'prelude.zgoda', text: prelude }, own] : [own]
  const { definition } = readWorkspace(files)
  return JSON.parse(JSON.stringify(definition, (key, value) => (key === 'at' ? undefined : value)))
}
