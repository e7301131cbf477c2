import type { Diagram, DiagramStage, DiagramWay } from './diagram.ts'

const classes = [
  'classDef end stroke-width:4px',
  'classDef success fill:#dcfce7,stroke:#15803d,color:#14532d,stroke-width:4px',
  'classDef guarded stroke-width:3px',
  'classDef anywhere stroke-dasharray:5 3',
]

/** Where the picture tells of data. */
const dataClasses = [
  'classDef special fill:#fde2c8,stroke:#9a3412,color:#1f2937',
  'classDef personal fill:#dbeafe,stroke:#1d4ed8,color:#1f2937',
]

/**
 * Diagrams as one Mermaid `stateDiagram-v2`. Several processes stand side by side, each inside a state of its own, for a Mermaid
 * text holds one diagram. Classes stand outside of these: within one, Mermaid forgets them.
 */
export function toMermaid(diagrams: readonly Diagram[]): string {
  const [only] = diagrams
  const body =
    diagrams.length === 1 && only
      ? [`accTitle: ${line(only.title)}`, ...processInMermaid(only)]
      : diagrams.flatMap(insideAState)
  const tellsOfData = diagrams.some(({ stages }) => stages.some(({ data }) => data))
  const rows = [...body, ...classes, ...(tellsOfData ? dataClasses : []), ...diagrams.flatMap(classesOf)]
  return `${['stateDiagram-v2', ...rows.map((row) => `  ${row}`)].join('\n')}\n`
}

function insideAState(diagram: Diagram): string[] {
  const id = `${diagram.name}_ALL`
  return [
    `state "${line(diagram.title)}" as ${id}`,
    `state ${id} {`,
    ...processInMermaid(diagram).map((row) => `  ${row}`),
    '}',
  ]
}

function processInMermaid({ name: process, stages, anywhere, ways }: Diagram): string[] {
  return [
    ...stages.flatMap(({ name, title, notes }) => box(idOf(process, name), title, notes)),
    ...(anywhere ? box(anywhereIn(process), anywhere.title, anywhere.notes) : []),
    ...stages.filter(({ first }) => first).map(({ name }) => `[*] --> ${idOf(process, name)}`),
    ...merged(ways).map((way) => wayInMermaid(process, way)),
    ...stages.filter(({ end }) => end).map(({ name }) => `${idOf(process, name)} --> [*]`),
  ]
}

function box(id: string, title: string, notes: readonly string[]): string[] {
  return [`state "${line(title)}" as ${id}`, ...notes.map((note) => `${id} : ${line(note)}`)]
}

function classesOf({ name: process, stages, anywhere }: Diagram): string[] {
  const looks = stages.flatMap((stage) => {
    const look = lookOf(stage)
    return look ? [`class ${idOf(process, stage.name)} ${look}`] : []
  })
  return anywhere ? [...looks, `class ${anywhereIn(process)} anywhere`] : looks
}

function lookOf({ end, guarded, data }: DiagramStage): string | undefined {
  if (data && data !== 'none') return data
  if (end) return end === 'success' ? 'success' : 'end'
  return guarded ? 'guarded' : undefined
}

/** One arrow between two stages, whoever moves the case: Mermaid's lines all look alike, and it lays labels over each other. */
function merged(ways: readonly DiagramWay[]): DiagramWay[] {
  const pairs = new Map<string, DiagramWay>()
  for (const way of ways) {
    const key = `${way.from ?? ''} ${way.to}`
    const before = pairs.get(key)
    pairs.set(key, before ? { ...before, words: [...before.words, ...way.words] } : way)
  }
  return [...pairs.values()]
}

function wayInMermaid(process: string, { from, to, words }: DiagramWay): string {
  const start = from === undefined ? anywhereIn(process) : idOf(process, from)
  return `${start} --> ${idOf(process, to)} : ${words.map(line).join('<br/>or ')}`
}

/**
 * Names hold no capitals, so these keep the stages of two processes apart, and names that are Mermaid's own words harmless. (With a
 * dot, as in `order.waiting`, it would forget the class.)
 */
function idOf(process: string, stage: string): string {
  return `${process}_AT_${stage}`
}

function anywhereIn(process: string): string {
  return `${process}_ANYWHERE`
}

/** Signs that mean something to Mermaid or to the HTML it makes, by number; it reads `#35;` as `#`. */
function line(words: string): string {
  return words.replace(/[#;:"%<>&{}[\]|`\\$~*_]/g, (sign) => `#${sign.codePointAt(0)};`)
}
