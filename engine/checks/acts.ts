import type { Action, Process, Rule, Stage, Trigger } from '../definition.ts'

/** An action of a process with what brings it about. */
export interface Act {
  readonly action: Action
  readonly occasion: Trigger | { readonly kind: 'enter' | 'leave' }
  /** Absent in a stage's `on enter` and `on leave`. */
  readonly rule?: Rule
}

/** Every action of a process, stage by stage, those of its own rules last. */
export function actsOf(process: Process): readonly Act[] {
  return [...Object.values(process.stages).flatMap(actsOfStage), ...process.rules.flatMap(actsOfRule)]
}

/** Every rule of a process: its stages', then its own. */
export function rulesOf(process: Process): readonly Rule[] {
  return [...Object.values(process.stages).flatMap((stage) => stage.rules), ...process.rules]
}

function actsOfStage(stage: Stage): readonly Act[] {
  return [
    ...stage.enter.map((action): Act => ({ action, occasion: { kind: 'enter' } })),
    ...stage.leave.map((action): Act => ({ action, occasion: { kind: 'leave' } })),
    ...stage.rules.flatMap(actsOfRule),
  ]
}

function actsOfRule(rule: Rule): readonly Act[] {
  return rule.actions.map((action) => ({ action, occasion: rule.trigger, rule }))
}
