import type { Diagram } from '../render/diagram.ts'
import { toMermaid } from '../render/mermaid.ts'
import { placeInWords } from '../wording.ts'
import type { Cell, Reason, Row, Status } from './compliance.ts'
import { byKind, gathered, inChunks } from './gathered.ts'
import type { Report } from './report.ts'
import { fieldNotes, seenAmong, seenFields, titlesOfProcesses } from './telling.ts'
import type { ProcessSight, Sight, ViewerSight } from './visibility.ts'
import { meanings, registerHeads, said, sees, statuses } from './words.ts'

const widest = 8
const marks: Readonly<Record<Status, string>> = {
  broken: '❌',
  proved: '✅',
  enforced: '🔒',
  tested: '🧪',
  open: '❔',
  'not concerned': '–',
}

/** The report as Markdown, as code hosts show it: tables, and pictures as Mermaid. */
export function reportInMarkdown(report: Report, pictures: readonly Diagram[]): string {
  const { language } = report
  const parts = [
    `# ${said.title[language]}`,
    opening(report),
    `## ${said.compliance[language]}`,
    said.complianceLead[language],
    legend(report),
    ...complianceTables(report),
    `### ${said.details[language]}`,
    ...report.compliance.rows.map((row) => details(row, report)),
    ...others(report),
    `## ${said.sight[language]}`,
    said.sightLead[language],
    ...report.sight.flatMap((sight) => sightInMarkdown(sight, report)),
    `## ${said.pictures[language]}`,
    said.picturesLead[language],
    ...pictures.flatMap((picture) => [
      `### ${escaped(picture.title)}`,
      `\`\`\`mermaid\n${toMermaid([picture]).trimEnd()}\n\`\`\``,
    ]),
    registerInMarkdown(report),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function opening({ controller, language, made }: Report): string {
  const rows = [
    controller
      ? `${said.controller[language]}: **${escaped(controller.name)}**${[controller.address, controller.email, controller.phone].map((part) => (part ? `, ${escaped(part)}` : '')).join('')}`
      : said.noController[language],
    ...(controller?.officer ? [`${said.officer[language]}: ${escaped(controller.officer)}`] : []),
    `${said.made[language]}: ${made}`,
  ]
  return rows.join('  \n')
}

function legend({ language, compliance }: Report): string {
  const occurring = (Object.keys(statuses) as Status[]).filter((status) => compliance.counts[status] > 0)
  return occurring
    .map(
      (status) =>
        `- ${marks[status]} **${statuses[status][language]}** (${compliance.counts[status]}): ${meanings[status][language]}`,
    )
    .join('\n')
}

function complianceTables({ compliance, processes, language }: Report): readonly string[] {
  return inChunks(processes, widest).map((chunk) => {
    const heads = [said.requirement[language], said.law[language], ...chunk.map(({ title }) => escaped(title))]
    const rows = compliance.rows.map((row) => [
      `**${row.row}** ${row.title}`,
      row.law,
      ...chunk.map(({ name }) =>
        statusOf(
          row.cells.find(({ process }) => process === name),
          language,
        ),
      ),
    ])
    return table(heads, rows)
  })
}

function statusOf(cell: Cell | undefined, language: Report['language']): string {
  const status = cell?.status ?? 'open'
  return `${marks[status]} ${statuses[status][language]}`
}

function details(row: Row, report: Report): string {
  const { language } = report
  const cells = gathered(row).map(({ processes, cell }) => {
    const title = `- ${marks[cell.status]} **${escaped(titlesOfProcesses(processes, report))}**: ${statuses[cell.status][language]}`
    const reasons = byKind(cell.reasons).flatMap(([, list]) => list.map((reason) => reasonInMarkdown(reason, language)))
    return [title, ...(reasons.length > 0 ? reasons : [`  - ${said.nothingShows[language]}`])].join('\n')
  })
  return [`#### ${row.row} ${row.title}`, `${row.asks} *${row.law}*`, cells.join('\n')].join('\n\n')
}

function reasonInMarkdown(reason: Reason, language: Report['language']): string {
  const kind = reason.kind === 'not concerned' ? '' : `${statuses[reason.kind][language]}`
  switch (reason.kind) {
    case 'broken': {
      const by = [reason.code, ...(reason.severity === 'warning' ? [said.warning[language]] : [])].filter(Boolean)
      const lines = [
        `  - ${kind}${by.length > 0 ? ` (${by.join(', ')})` : ''}: ${escaped(reason.says)}, \`${placeInWords(reason.at)}\``,
        ...reason.path.map((step, index) => `    ${index + 1}. ${escaped(step)}`),
        ...(reason.hint ? [`    - ${said.help[language]}: ${escaped(reason.hint)}`] : []),
      ]
      return lines.join('\n')
    }
    case 'proved':
      return `  - ${kind} (${reason.code}): ${escaped(reason.says)}`
    case 'enforced':
      return `  - ${kind} (\`${reason.part}\`): ${escaped(reason.says)}`
    case 'tested':
      return `  - ${kind}: ${escaped(reason.says)}, \`${placeInWords(reason.at)}\``
    case 'not concerned':
      return `  - ${escaped(reason.says)}`
  }
}

function others({ compliance, language }: Report): readonly string[] {
  if (compliance.other.length === 0) return []
  const list = compliance.other.map((reason) => reasonInMarkdown(reason, language).replace(/^ {2}/gm, ''))
  return [`### ${said.otherFindings[language]}`, said.otherLead[language], list.join('\n')]
}

function sightInMarkdown(sight: ProcessSight, { language }: Report): readonly string[] {
  const title = `### ${escaped(sight.title)}`
  if (sight.groups.every(({ fields }) => fields.length === 0)) return [title, said.noFields[language]]
  const answers =
    sight.ownAnswers.length > 0 ? [`${said.ownAnswers[language]}: ${escaped(sight.ownAnswers.join(', '))}.`] : []
  return [
    title,
    ...sight.groups.flatMap((group) => groupInMarkdown(group, sight, language)),
    [said.nobodyElse[language], ...answers].join(' '),
  ]
}

function groupInMarkdown(
  group: ViewerSight,
  { stages }: ProcessSight,
  language: Report['language'],
): readonly string[] {
  const who = `**${escaped(group.viewers.map(({ title }) => title).join(', '))}**`
  const { seen, never } = seenFields(group)
  if (seen.length === 0) return [`${who}: ${said.seesNothing[language]}.`]
  return [
    who,
    ...inChunks([...stages.keys()], widest).map((chunk) =>
      table(
        [said.field[language], ...chunk.map((index) => escaped(stages[index]?.title ?? ''))],
        seenAmong(seen, chunk).map((field) => [
          [escaped(field.title), ...fieldNotes(field, language).map((note) => `*${escaped(note)}*`)].join(' · '),
          ...chunk.map((index) => cellInMarkdown(field.stages[index], language)),
        ]),
      ),
    ),
    ...(never.length > 0 ? [`${said.neverSees[language]}: ${escaped(never.join(', '))}.`] : []),
  ]
}

function cellInMarkdown(sight: Sight | undefined, language: Report['language']): string {
  if (!sight || sight.sees === 'nothing') return '–'
  return sight.sees === 'edits' ? `**${sees.edits[language]}**` : sees.sees[language]
}

function registerInMarkdown({ register, language }: Report): string {
  const [first] = register
  const parts = [`## ${said.register[language]}`, said.registerLead[language]]
  if (!first) return [...parts, said.noActivities[language]].join('\n\n')
  const common = (['controller', 'officer', 'thirdCountries'] as const).map(
    (key) => `- ${registerHeads[key][language]}: ${escaped(first[key])}`,
  )
  const security = `- ${registerHeads.security[language]}:\n${first.security.map((each) => `  - ${escaped(each)}`).join('\n')}`
  const columns = [
    'processTitle',
    'purposes',
    'text',
    'basis',
    'people',
    'data',
    'special',
    'recipients',
    'limits',
  ] as const
  const rows = register.map((activity) =>
    columns.map((key) => {
      const value = activity[key]
      return typeof value === 'string' ? escaped(value) : value.map(escaped).join('<br>') || said.none[language]
    }),
  )
  return [
    ...parts,
    `${said.forAll[language]}:`,
    [...common, security].join('\n'),
    table(
      columns.map((key) => registerHeads[key][language]),
      rows,
    ),
  ].join('\n\n')
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

/** An author's words, so that nothing in them is Markdown or HTML. Names in backticks stay code. */
function escaped(words: string): string {
  return words
    .replace(/\s+/g, ' ')
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? part.replaceAll('|', '\\|') : part.replace(/[\\*_[\]<>|#~]/g, '\\$&').replaceAll('&', '&amp;'),
    )
    .join('`')
}
