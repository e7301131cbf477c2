import type { Diagram, DiagramStage, DiagramWay, Mover } from './diagram.ts'
import { inLines } from './lines.ts'

/** Characters a line, about. */
const widths = { title: 26, note: 32, way: 30 }

/** Names of stages never hold a `?`. */
const start = 'start?'
const anywhere = 'any?'

const strokes: Readonly<Record<Mover, string>> = {
  person: 'color="#1d4ed8" fontcolor="#1d4ed8"',
  client: 'color="#7c3aed" fontcolor="#7c3aed" style=bold',
  itself: 'color="#4b5563" fontcolor="#4b5563" style=dashed',
  lack: 'color="#b91c1c" fontcolor="#b91c1c" style=dotted penwidth=2',
}

/** A diagram in Graphviz's language. Classes (`stage first guarded`, `way person`, …) let a style sheet paint the SVG. */
export function toDot(diagram: Diagram): string {
  const rows = [
    `graph [rankdir=TB nodesep=0.5 ranksep=0.55 bgcolor=transparent fontname="Helvetica" tooltip=${text(diagram.title)}]`,
    'node [shape=box style="rounded,filled" fillcolor="#ffffff" color="#374151" fontname="Helvetica" fontsize=14 margin="0.22,0.12"]',
    'edge [fontname="Helvetica" fontsize=12 arrowsize=0.8]',
    `${id(start)} [label="" shape=circle width=0.2 fixedsize=true fillcolor="#374151" class="start" tooltip="a case starts here"]`,
    ...diagram.stages.map(stageInDot),
    ...anywhereInDot(diagram),
    ...diagram.stages.filter((stage) => stage.first).map(({ name }) => startInDot(name)),
    ...diagram.ways.map(wayInDot),
  ]
  return `digraph ${id(diagram.name)} {\n${rows.map((row) => `  ${row}`).join('\n')}\n}\n`
}

function stageInDot(stage: DiagramStage): string {
  const { name, title, notes } = stage
  const looks = [
    ...(stage.end ? ['peripheries=2 style=filled'] : []),
    ...(stage.end === 'success' ? ['fillcolor="#dcfce7"'] : []),
    ...(stage.guarded ? ['penwidth=2.5'] : []),
  ]
  return `${id(name)} [${[`label=${label(title, notes)}`, ...looks, `class=${id(classOf(stage))}`, `tooltip=${text(title)}`].join(' ')}]`
}

function classOf({ first, end, guarded, data }: DiagramStage): string {
  const kinds = ['stage', first && 'first', end && 'end', end === 'success' && 'success', guarded && 'guarded']
  return [...kinds, data && `data-${data}`].filter(Boolean).join(' ')
}

function anywhereInDot({ anywhere: box }: Diagram): string[] {
  if (!box) return []
  return [
    `${id(anywhere)} [label=${label(box.title, box.notes)} style="rounded,dashed" class="anywhere" tooltip=${text(box.title)}]`,
  ]
}

function startInDot(first: string): string {
  return `${id(start)} -> ${id(first)} [class="way begin" tooltip="a case starts here"]`
}

function wayInDot({ from, to, by, words }: DiagramWay): string {
  const lines = words.flatMap((each) => bulleted(inLines(each, widths.way), words.length > 1))
  const written = lines.map((line) => ` ${escaped(line)}\\l`).join('')
  return `${id(from ?? anywhere)} -> ${id(to)} [label="${written}" ${strokes[by]} class="way ${by}" tooltip=${text(words.join('; '))}]`
}

function bulleted(lines: readonly string[], several: boolean): string[] {
  return several ? lines.map((line, index) => (index === 0 ? `• ${line}` : `   ${line}`)) : [...lines]
}

/** A bold title with small notes under it, as Graphviz's HTML-like label. */
function label(title: string, notes: readonly string[]): string {
  const rows = [
    ...inLines(title, widths.title).map((line) => `<TR><TD><B>${marked(line)}</B></TD></TR>`),
    ...notes.map((note) => `<TR><TD ALIGN="LEFT" BALIGN="LEFT">${noteInDot(note)}</TD></TR>`),
  ]
  return `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="4" CELLPADDING="0">${rows.join('')}</TABLE>>`
}

function noteInDot(note: string): string {
  const lines = bulleted(inLines(note, widths.note), true)
  return `<FONT POINT-SIZE="11">${lines.map(marked).join('<BR/>')}</FONT>`
}

function marked(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function id(name: string): string {
  return `"${name}"`
}

function text(words: string): string {
  return `"${escaped(words)}"`
}

/** Graphviz reads character entities and backslash escapes in every label. */
function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"')
}
