import type { CaseState } from '../../engine/case.ts'
import type { Accepted, Effect, LogEntry } from '../../engine/decision.ts'

/** A decision that no rule takes but the server or a person: one entry in the case's history, and what comes of it. */
export function remark(
  state: CaseState,
  note: Omit<LogEntry, 'seq' | 'at'>,
  now: string,
  effects: (seq: number) => readonly Effect[] = () => [],
): Accepted {
  const seq = state.seq + 1
  return { outcome: 'accepted', state: { ...state, seq }, effects: effects(seq), log: [{ seq, at: now, ...note }] }
}
