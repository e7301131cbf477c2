import type { Actor } from '../../engine/case.ts'
import type { LogEntry } from '../../engine/decision.ts'
import type { Process, Rule } from '../../engine/definition.ts'
import type { HistoryItem } from '../http/ports.ts'
import { isId } from '../ids.ts'

/** An entry of a case's history with its actor and rule in words people know. */
export function historyItem(entry: LogEntry, process: Process, personName: (id: string) => string): HistoryItem {
  const place = entry.rule === undefined ? undefined : placeOf(entry.rule, process)
  return {
    seq: entry.seq,
    at: entry.at,
    type: entry.type,
    by: actorName(entry.by, place, personName),
    ...(entry.from ? { from: entry.from } : {}),
    ...(entry.to ? { to: entry.to } : {}),
    ...(entry.rule ? { rule: place ?? entry.rule } : {}),
    ...(entry.fields ? { fields: entry.fields } : {}),
    ...(entry.letter ? { letter: entry.letter } : {}),
    ...(entry.purpose ? { purpose: entry.purpose } : {}),
    ...(entry.decision ? { decision: entry.decision } : {}),
    ...(entry.target ? { target: isId(entry.target) ? personName(entry.target) : entry.target } : {}),
    ...(entry.because ? { because: entry.because } : {}),
    ...(entry.type === 'migrated' ? { because: `version ${entry.target}` } : {}),
  }
}

function actorName(by: Actor, place: string | undefined, personName: (id: string) => string): string {
  if (by.kind === 'staff') return personName(by.id)
  if (by.kind === 'rule') return place ?? 'a rule'
  return by.kind
}

/** `order.zgoda:22`, where the rule stands, or the stage whose `on enter` or `on leave` it is. */
function placeOf(ruleId: string, process: Process): string | undefined {
  const rules: readonly Rule[] = [...process.rules, ...Object.values(process.stages).flatMap((stage) => stage.rules)]
  const { at } = rules.find(({ id }) => id === ruleId) ?? process.stages[ruleId.split('.')[0] ?? ''] ?? {}
  return at && `${at.file}:${at.line}`
}
