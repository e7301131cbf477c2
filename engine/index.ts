export { addressOf } from './address.ts'
export { addDuration, addToDate, dateOf, daysBetween, startOfDate } from './calendar.ts'
export type { Actor, CaseState, ClientState, Event, Evidence, Migrated, Value, Values } from './case.ts'
export { check, proofs } from './check.ts'
export { type Clock, decide, emptyCase, type NewCase, start } from './decide.ts'
export type { Accepted, Decision, Effect, LogEntry, LogType, RefusalCode, Refused } from './decision.ts'
export type * from './definition.ts'
export { weekdays } from './definition.ts'
export { type Condition, compileCondition, compileExpression, type Reader, type Scope } from './expression.ts'
export type { Ground } from './ground.ts'
export { type ChartPlan, compile, type Machine } from './machine.ts'
export { type Migration, migration, type Succession, successionOf } from './migration/index.ts'
export { type PossibleMove, possibleMoves } from './moves.ts'
export { hasBasis, inReach, restsOnConsent } from './reach.ts'
export { hasRight, rightsOf, rolesWith } from './rights.ts'
export { normalSaying } from './saying.ts'
export { type Coverage, coverageOf, type Part, type Uncovered } from './simulate/coverage.ts'
export { simulate, type Telling } from './simulate/play.ts'
export type { OwnWords } from './simulate/reply.ts'
export type { Scenario } from './simulate/scenario.ts'
export { failureInWords, type StepInWords, storyInWords } from './simulate/story.ts'
export { formatValue, inLanguage } from './text.ts'
export { isBlank, type Parsed, parseValue } from './value.ts'
export type { Found } from './verify/index.ts'
export { type Viewer, type Visibility, visibleFields } from './visibility.ts'
export {
  actionInWords,
  durationInWords,
  expressionInWords,
  placeInWords,
  recipientInWords,
  ruleInWords,
} from './wording.ts'
