import type { Diagram, Mover } from './diagram.ts'

const lineHeight = 22
/** A sample line and the space after it, and about what a letter takes. */
const sample = 44
const letter = 6.4

const meanings: Readonly<Record<Mover, { readonly words: string; readonly dash: string }>> = {
  person: { words: 'a person moves the case', dash: '' },
  client: { words: 'the client acts', dash: ' stroke-width="2"' },
  itself: { words: 'happens by itself', dash: ' stroke-dasharray="5,2"' },
  lack: { words: 'a consent is missing or withdrawn', dash: ' stroke-dasharray="1,5" stroke-width="2"' },
}

/** What the lines and borders mean: the drawn part of it, and its size. */
export interface Key {
  readonly width: number
  readonly height: number
  readonly inside: string
}

interface Entry {
  readonly words: string
  readonly drawn: string
}

/** Entries for what occurs in the diagrams, and for nothing else. */
export function keysFor(diagrams: readonly Diagram[]): Entry[] {
  const movers = new Set(diagrams.flatMap(({ ways }) => ways.map((way) => way.by)))
  const lines = (Object.keys(meanings) as Mover[]).filter((mover) => movers.has(mover)).map(lineEntry)
  const stages = diagrams.flatMap((diagram) => diagram.stages)
  return [
    ...lines,
    ...(stages.some(({ end }) => end === 'success') ? [boxEntry('success', 'an end: the service was given')] : []),
    ...(stages.some(({ end }) => end === 'other') ? [boxEntry('', 'another end')] : []),
  ]
}

function lineEntry(mover: Mover): Entry {
  const { words, dash } = meanings[mover]
  return { words, drawn: `<line class="zgoda-key-line ${mover}" x1="0" y1="8" x2="34" y2="8"${dash}/>` }
}

function boxEntry(kind: string, words: string): Entry {
  const box = (inset: number) => `<path d="M${4 + inset},${1 + inset}H${30 - inset}V${15 - inset}H${4 + inset}Z"/>`
  return { words, drawn: `<g class="stage ${kind}">${box(0)}${box(3)}</g>` }
}

/** The entries in rows of at most `width`. */
export function keyOf(entries: readonly Entry[], width: number): Key {
  const parts: string[] = []
  let widest = 0
  let x = 0
  let y = 0
  for (const { words, drawn } of entries) {
    const taken = sample + words.length * letter + 24
    if (x > 0 && x + taken > width) {
      x = 0
      y += lineHeight
    }
    parts.push(
      `<g transform="translate(${x} ${y})">${drawn}<text class="zgoda-key" x="${sample}" y="12">${words}</text></g>`,
    )
    x += taken
    widest = Math.max(widest, x)
  }
  return { width: widest, height: y + lineHeight, inside: parts.join('\n') }
}
