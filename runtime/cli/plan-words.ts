import { differencesInText } from '../../engine/diff/index.ts'
import { placeInWords } from '../../engine/wording.ts'
import type { AskAgain, Needed, ProcessPlan, Replay, WorkspacePlan } from '../http/ports.ts'

const mostReplayed = 20

/** A plan as a careful colleague would say it: what changes, what becomes of open cases, who is asked again, what is in the way. */
export function planInWords(plan: WorkspacePlan): string {
  const { differences, processes, askAgain, needs, replay } = plan
  const counted = differences.map(({ cases, notes = [], ...difference }) => ({
    ...difference,
    notes: cases === undefined || cases === 0 ? notes : [...notes, `touches ${casesInWords(cases)}`],
  }))
  const parts = [
    differencesInText(counted),
    section('Open cases', processes.filter(({ cases }) => cases > 0).map(processInWords)),
    section('Asked again', askAgain.map(askedInWords)),
    replay ? replayInWords(replay) : '',
    section('Before this can be applied', needs.map(needInWords)),
  ]
  return parts.filter((part) => part !== '').join('\n')
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}\n${lines.join('\n')}\n`
}

function processInWords({ process, from, to, cases, stages, notes }: ProcessPlan): string {
  const moved = stages.map((stage) => {
    const where = stage.from === stage.to ? `in ${stage.from}` : `in ${stage.from} → ${stage.to}`
    return `    ${stage.cases} ${where}`
  })
  const said = notes.map((note) => `    * ${casesInWords(note.cases)}: ${note.what}`)
  const versions = `from version ${from.join(', ')} to ${to}`
  return [`  ${process}: ${casesInWords(cases)} ${versions}`, ...moved, ...said].join('\n')
}

function askedInWords({ purpose, because, clients, some }: AskAgain): string {
  const why = because.length > 0 ? because.join(', ') : 'its version is raised'
  const who = clients === 1 ? '1 client has' : `${clients} clients have`
  const named = some.length > 0 ? `: ${some.join(', ')}${clients > some.length ? ', …' : ''}` : ''
  return `  ${purpose}: ${why}; ${who} agreed to what it was${named}`
}

function needInWords({ what, at, cases }: Needed): string {
  const place = at && !what.includes(placeInWords(at)) ? ` (${placeInWords(at)})` : ''
  return `  ! ${what}${place}${cases ? `: ${casesInWords(cases)}` : ''}`
}

function replayInWords({ cases, otherwise, unclear }: Replay): string {
  const told = otherwise.slice(0, mostReplayed).map(({ number, process, ended, would }) => {
    return `  ${process} ${number} ended in ${ended}, and ${would.startsWith('would') ? would : `would now be in ${would}`}`
  })
  const more = otherwise.length > mostReplayed ? [`  … and ${otherwise.length - mostReplayed} more`] : []
  const unsure = unclear > 0 ? `, ${unclear} of them unclear since what their rules read is erased` : ''
  const head = `Replayed: ${cases} past ${cases === 1 ? 'case' : 'cases'}${unsure}; ${otherwise.length} would have ended otherwise`
  return `${[head, ...told, ...more].join('\n')}\n`
}

function casesInWords(count: number): string {
  return `${count} open case${count === 1 ? '' : 's'}`
}
