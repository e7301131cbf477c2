import { placeInWords } from '../wording.ts'
import type { Difference } from './difference.ts'

const signs = { added: '+', removed: '-', changed: '~', renamed: '~' } as const
const widest = 100

/** Differences as a code review reads: by process, `+ - ~`, each with its file and line. */
export function differencesInText(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'nothing changes in meaning\n'
  const groups = Map.groupBy(differences, ({ process }) => process)
  const workspace = groups.get(undefined)
  groups.delete(undefined)
  return [
    ...(workspace ? [group('the workspace', workspace)] : []),
    ...[...groups].map(([process, members]) => group(`process ${process}`, members)),
  ].join('\n')
}

function group(title: string, members: readonly Difference[]): string {
  return `${title}\n${members.flatMap(lines).join('\n')}\n`
}

function lines(difference: Difference): string[] {
  const { kind, at, notes = [] } = difference
  const place = at ? `  ${placeInWords(at)}` : ''
  const [head, ...more] = body(difference)
  return [
    `  ${signs[kind]} ${head}${place}`,
    ...more.map((line) => `      ${line}`),
    ...notes.map((note) => `      * ${note}`),
  ]
}

function body(difference: Difference): string[] {
  const { kind, name, before, after } = difference
  const subject = subjectInWords(difference)
  if (kind === 'renamed') return [`${subject} was called ${before}`]
  if (kind === 'added' || kind === 'removed') return withWhole(subject, name, (kind === 'added' ? after : before) ?? '')
  if (before === undefined && after === undefined) return [subject]
  const oneLine = `${subject}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`
  if (oneLine.length <= widest && !oneLine.includes('\n')) return [oneLine]
  return [subject, ...sideInLines('-', before, after), ...sideInLines('+', after, before)]
}

/** Rules and actions are called what they say, and say it once. */
function withWhole(subject: string, name: string, whole: string): string[] {
  if (whole === name || whole === '') return subject.split('\n')
  const [first = '', ...more] = `${subject}: ${whole}`.split('\n')
  return [first, ...more]
}

/** Of long texts only the lines that the other side does not have. */
function sideInLines(sign: string, own: string | undefined, other: string | undefined): string[] {
  const known = new Set(own?.includes('\n') ? other?.split('\n') : [])
  return (own ?? 'nothing')
    .split('\n')
    .filter((line) => !known.has(line))
    .map((line) => `${sign} ${line}`)
}

function subjectInWords({ kind, what, aspect, process, stage, name, before, after }: Difference): string {
  const at = stage === undefined ? '' : `at ${stage}: `
  const part = aspect === undefined ? '' : `, ${aspect}`
  if (what === 'process' && name === process) return `${kind === 'changed' ? (aspect ?? '') : 'the whole process'}`
  if (what === 'company' || what === 'hours') return `${what}${part}`
  if (what === 'rule' || what === 'action') {
    const known = kind === 'changed' && before !== undefined && after !== undefined
    return `${at}${known ? `${what}${part}` : name}`
  }
  if (what === 'visibility') return `${at || 'at every stage: '}field ${name}`
  return `${at}${what} ${name}${part}`
}
