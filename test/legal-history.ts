import type { LogEntry } from '../engine/decision.ts'
import type { Rule } from '../engine/definition.ts'
import { type Machine, successionOf } from '../engine/index.ts'

/**
 * What is not legal about a case's history, in words; nothing where it is a run of its machine. `machines` are the versions of its process by
 * number, `first` the one that the case started with.
 */
export function illegal(
  history: readonly LogEntry[],
  machines: ReadonlyMap<number, Machine>,
  first: number,
): string | undefined {
  let machine = machines.get(first)
  let stage: string | undefined
  let ended = false
  for (const [index, entry] of history.entries()) {
    const where = `entry ${entry.seq} (${entry.type})`
    if (!machine) return `${where}: its version is not known`
    if (entry.seq !== index + 1) return `${where}: numbers are not in turn`
    if (ended && !afterTheEnd.has(entry.type)) return `${where}: the case had ended`
    if (entry.type === 'migrated') {
      const next = machines.get(Number(entry.target?.split(' → ')[1]))
      const heir = next && stage !== undefined ? successionOf(machine.process, next.process).stage(stage) : undefined
      if (!next || heir === undefined) return `${where}: no such version, or no stage there for \`${stage}\``
      machine = next
      stage = heir
      continue
    }
    const rule = entry.rule === undefined ? undefined : machine.rules.get(entry.rule)
    if (rule?.stage !== undefined && stage !== undefined && rule.stage !== (entry.from ?? stage))
      return `${where}: a rule of stage \`${rule.stage}\` answers in \`${entry.from ?? stage}\``
    if (entry.type === 'started') {
      if (entry.to !== machine.first) return `${where}: it starts in \`${entry.to}\``
      stage = entry.to
    } else if (entry.to !== undefined && entry.type !== 'ended') {
      if (entry.from !== stage) return `${where}: it leaves \`${entry.from}\` and was in \`${stage}\``
      const way = wayOf(machine, entry, rule?.rule)
      if (way) return `${where}: ${way}`
      stage = entry.to
    }
    if (entry.type === 'ended') {
      if (!machine.stages.get(stage ?? '')?.stage.final) return `${where}: \`${stage}\` is no end`
      ended = true
    }
  }
  return undefined
}

const afterTheEnd: ReadonlySet<string> = new Set([
  'erase',
  'erase client',
  'timer',
  'consent',
  'letter',
  'letter skipped',
  'notify',
  'set',
])

/** Why a stage could not be left for another as an entry says. */
function wayOf(machine: Machine, { type, from = '', to = '' }: LogEntry, rule: Rule | undefined): string | undefined {
  const target = machine.stages.get(to)?.stage
  if (!target) return `there is no stage \`${to}\``
  if (type === 'move') {
    if (target.manualEntry === 'forbidden') return `\`${to}\` forbids manual entry`
    const declared = machine.stages
      .get(from)
      ?.rules.some(({ rule: each }) => each.trigger.kind === 'move' && each.trigger.to === to)
    return declared || machine.process.moves === 'free' ? undefined : `no rule moves from \`${from}\` to \`${to}\``
  }
  if (type === 'needs consent') return undefined
  if (!rule) return 'no rule is named that goes there'
  const goes = rule.actions.some((action) => action.kind === 'go to' && action.stage === to)
  return goes ? undefined : `the rule \`${rule.id}\` does not go to \`${to}\``
}
