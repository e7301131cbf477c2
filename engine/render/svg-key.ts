import type { Diagram, Mover } from './diagram.ts'

const lineHeight = 22
/** A sample line and the space after it, and about what a letter takes. */
const sample = 44
const letter = 6.4

const dashes: Readonly<Record<Mover, string>> = {
  person: '',
  client: ' stroke-width="2"',
  itself: ' stroke-dasharray="5,2"',
  lack: ' stroke-dasharray="1,5" stroke-width="2"',
}

type Meaning = Mover | 'success' | 'other' | 'data-special' | 'data-personal' | 'data-none'

const english: Readonly<Record<Meaning, string>> = {
  person: 'a person moves the case',
  client: 'the client acts',
  itself: 'happens by itself',
  lack: 'a consent is missing or withdrawn',
  success: 'an end: the service was given',
  other: 'another end',
  'data-special': 'special data may be seen here',
  'data-personal': 'personal data may be seen here',
  'data-none': 'no personal data are seen here',
}

const polish: Readonly<Record<Meaning, string>> = {
  person: 'osoba przenosi sprawę',
  client: 'działa klient',
  itself: 'dzieje się samo',
  lack: 'brak zgody lub zgoda wycofana',
  success: 'koniec: usługę wykonano',
  other: 'inny koniec',
  'data-special': 'tu widać dane szczególne',
  'data-personal': 'tu widać dane osobowe',
  'data-none': 'tu nie widać danych osobowych',
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
  const words = diagrams[0]?.language === 'pl' ? polish : english
  const movers = new Set(diagrams.flatMap(({ ways }) => ways.map((way) => way.by)))
  const lines = (Object.keys(dashes) as Mover[]).filter((mover) => movers.has(mover))
  const stages = diagrams.flatMap((diagram) => diagram.stages)
  const data = (['special', 'personal', 'none'] as const).filter((kind) => stages.some((stage) => stage.data === kind))
  return [
    ...lines.map((mover) => lineEntry(mover, words[mover])),
    ...data.map((kind) => boxEntry(`data-${kind}`, words[`data-${kind}`], [0])),
    ...(stages.some(({ end }) => end === 'success')
      ? [boxEntry(data.length > 0 ? 'success data-none' : 'success', words.success, [0, 3])]
      : []),
    ...(stages.some(({ end }) => end === 'other')
      ? [boxEntry(data.length > 0 ? 'data-none' : '', words.other, [0, 3])]
      : []),
  ]
}

function lineEntry(mover: Mover, words: string): Entry {
  return { words, drawn: `<line class="zgoda-key-line ${mover}" x1="0" y1="8" x2="34" y2="8"${dashes[mover]}/>` }
}

function boxEntry(kind: string, words: string, insets: readonly number[]): Entry {
  const box = (inset: number) => `<path d="M${4 + inset},${1 + inset}H${30 - inset}V${15 - inset}H${4 + inset}Z"/>`
  return { words, drawn: `<g class="stage ${kind}">${insets.map(box).join('')}</g>` }
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
