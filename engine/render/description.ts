import type { Diagram } from './diagram.ts'

interface Sentences {
  readonly starts: string
  readonly from: string
  readonly anyStage: string
  readonly to: string
  readonly or: string
  readonly success: string
  readonly other: string
}

const english: Sentences = {
  starts: 'A case starts in',
  from: 'From',
  anyStage: 'any stage',
  to: 'to',
  or: 'or',
  success: 'Ends that render the service',
  other: 'Other ends',
}

const polish: Sentences = {
  starts: 'Sprawa zaczyna się w',
  from: 'Z',
  anyStage: 'dowolnego etapu',
  to: 'do',
  or: 'lub',
  success: 'Zakończenia z wykonaną usługą',
  other: 'Inne zakończenia',
}

/** The diagram in sentences, for those who can't see it. */
export function describe(diagram: Diagram): string {
  const said = diagram.language === 'pl' ? polish : english
  const titles = new Map(diagram.stages.map((stage) => [stage.name, stage.title]))
  const titleOf = (name: string) => titles.get(name) ?? name
  const first = diagram.stages.find((stage) => stage.first)
  const anywhere = diagram.anywhere
  const sentences = [
    ...(first ? [`${said.starts} ${first.title}`] : []),
    ...diagram.stages.flatMap(({ title, notes }) => (notes.length > 0 ? [`${title}: ${notes.join('; ')}`] : [])),
    ...(anywhere && anywhere.notes.length > 0 ? [`${anywhere.title}: ${anywhere.notes.join('; ')}`] : []),
    ...diagram.ways.map(
      ({ from, to, words }) =>
        `${said.from} ${from === undefined ? said.anyStage : titleOf(from)} ${said.to} ${titleOf(to)}: ${words.join(`; ${said.or} `)}`,
    ),
    ...endings(diagram, said),
  ]
  return sentences.map((sentence) => `${sentence}.`).join(' ')
}

function endings({ stages }: Diagram, said: Sentences): string[] {
  const ending = (kind: 'success' | 'other', words: string) => {
    const titles = stages.filter((stage) => stage.end === kind).map((stage) => stage.title)
    return titles.length > 0 ? [`${words}: ${titles.join(', ')}`] : []
  }
  return [...ending('success', said.success), ...ending('other', said.other)]
}
