import type { Diagram } from './diagram.ts'

/** The diagram in sentences, for those who can't see it. */
export function describe(diagram: Diagram): string {
  const titles = new Map(diagram.stages.map((stage) => [stage.name, stage.title]))
  const titleOf = (name: string) => titles.get(name) ?? name
  const first = diagram.stages.find((stage) => stage.first)
  const anywhere = diagram.anywhere
  const sentences = [
    ...(first ? [`A case starts in ${first.title}`] : []),
    ...diagram.stages.flatMap(({ title, notes }) => (notes.length > 0 ? [`${title}: ${notes.join('; ')}`] : [])),
    ...(anywhere && anywhere.notes.length > 0 ? [`${anywhere.title}: ${anywhere.notes.join('; ')}`] : []),
    ...diagram.ways.map(
      ({ from, to, words }) =>
        `From ${from === undefined ? 'any stage' : titleOf(from)} to ${titleOf(to)}: ${words.join('; or ')}`,
    ),
    ...endings(diagram),
  ]
  return sentences.map((sentence) => `${sentence}.`).join(' ')
}

function endings({ stages }: Diagram): string[] {
  const ending = (kind: 'success' | 'other', words: string) => {
    const titles = stages.filter((stage) => stage.end === kind).map((stage) => stage.title)
    return titles.length > 0 ? [`${words}: ${titles.join(', ')}`] : []
  }
  return [...ending('success', 'Ends that render the service'), ...ending('other', 'Other ends')]
}
