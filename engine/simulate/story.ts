import type { LogEntry } from '../decision.ts'
import type { Machine } from '../machine.ts'
import { durationInWords, placeInWords, ruleInWords } from '../wording.ts'
import type { Failure, Told } from './play.ts'
import type { Step, Written } from './scenario.ts'

/** One step of a story for people to read: what the scenario says, where, and what came of it. */
export interface StepInWords {
  readonly words: string
  readonly at: string
  readonly outcome: readonly string[]
}

/** A story step by step. It shows values, for they are the scenario's own. */
export function storyInWords(machine: Machine, story: readonly Told[]): readonly StepInWords[] {
  return story.map(({ step, log, refused, nothing }) => ({
    words: stepInWords(step),
    at: placeInWords(step.at),
    outcome: [
      ...log.map((entry) => entryInWords(machine, entry, step)),
      ...(refused === undefined ? [] : [`refused: ${refused}`]),
      ...(nothing === undefined ? [] : [nothing]),
    ],
  }))
}

/** Why a scenario failed: a sentence, and a line for each thing that differs. */
export function failureInWords(failure: Failure): readonly string[] {
  const step = stepInWords(failure.step)
  switch (failure.kind) {
    case 'refused':
      return [`\`${step}\` was refused: ${failure.because}`]
    case 'not refused':
      return [
        failure.because === undefined
          ? `\`${step}\` had to be refused because of \`${failure.wanted}\`, and was not`
          : `\`${step}\` was refused for another reason than \`${failure.wanted}\`: ${failure.because}`,
      ]
    case 'different':
      return failure.differences.flatMap(({ what, wanted, found }) => [
        what,
        `  expected  ${wanted}`,
        `  found     ${found}`,
      ])
  }
}

function stepInWords(step: Step): string {
  switch (step.kind) {
    case 'start':
      return withValues('start', step.values)
    case 'move':
      return `move to ${step.to}${step.by === undefined ? '' : ` by ${step.by}`}`
    case 'fill':
      return withValues('fill in', step.values)
    case 'reply':
      return replyInWords(step)
    case 'form':
      return withValues(`form ${step.form}`, { ...step.values, ...consentsInWords(step.consents) })
    case 'consent':
      return `consent to ${step.purpose} ${step.decision}`
    case 'signal':
      return `signal ${step.signal}`
    case 'cases done':
      return 'the cases that it started have ended'
    case 'wait':
      return `wait ${durationInWords(step.duration)}`
    case 'erase':
      return `erase ${[...step.fields, ...(step.client ? ['client'] : [])].join(', ')}`
    case 'expect':
      return `expect ${Object.keys(step.expected).join(', ')}`
  }
}

function withValues(what: string, values: Readonly<Record<string, Written>>): string {
  const given = Object.entries(values).map(([name, value]) => `${name} = ${short([value].flat().join(', '))}`)
  return given.length > 0 ? `${what}: ${given.join(', ')}` : what
}

function consentsInWords(consents: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(consents).map(([purpose, answer]) => [`consent to ${purpose}`, answer]))
}

function replyInWords({ saying, from, to, auto }: Extract<Step, { kind: 'reply' }>): string {
  const kind = auto ? 'automatic reply' : 'reply'
  const sender = from === undefined ? '' : ` from ${short(from)}`
  return `${kind}${sender}${to === undefined ? '' : ` to ${to}`}: ${short(saying)}`
}

const longest = 80

function short(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}

function entryInWords(machine: Machine, entry: LogEntry, step: Step): string {
  const when = step.kind === 'wait' ? `${entry.at.slice(0, 16).replace('T', ' ')} UTC  ` : ''
  const why = entry.because === undefined ? '' : `: ${entry.because}`
  return `${when}${happeningInWords(entry)}${why}${stagesInWords(entry)}${ruleOf(machine, entry)}`
}

function happeningInWords({ type, letter, purpose, decision, fields, target }: LogEntry): string {
  switch (type) {
    case 'letter':
      return `letter \`${letter}\` sent`
    case 'letter skipped':
      return `letter \`${letter}\` not sent`
    case 'reply':
      return `the client’s answer to \`${letter}\` counts`
    case 'consent':
      return decision === undefined ? `consent to ${purpose}` : `consent to ${purpose} ${decision}`
    case 'needs consent':
      return 'a needed consent is missing'
    case 'when':
      return 'a condition holds'
    case 'timer':
      return 'its time has come'
    case 'notify':
      return `notice to ${target}`
    case 'assign':
      return target === undefined ? 'assign' : `assigned to ${target}`
    case 'cases done':
      return 'all cases it started have ended'
    case 'set':
    case 'erase':
    case 'fill':
      return `${type} ${(fields ?? []).join(', ')}`
    default:
      return target === undefined ? type : `${type} ${target}`
  }
}

function stagesInWords({ type, from, to }: LogEntry): string {
  if (to === undefined) return ''
  if (type === 'ended') return ` in ${to}`
  return from === undefined ? `, in ${to}` : `, ${from} → ${to}`
}

/** The rule that did it and where it stands: a rule’s own words, or the stage whose entry or leaving it was. */
function ruleOf({ rules, stages }: Machine, { rule: id }: LogEntry): string {
  if (id === undefined) return ''
  const rule = (rules.get(id) ?? rules.get(id.replace(/\.\d+$/, '')))?.rule
  if (rule) return ` (${ruleInWords(rule)}, ${placeInWords(rule.at)})`
  const [, name = '', passage] = /^(.+)\.(enter|leave)(?:\.\d+)?$/.exec(id) ?? []
  const stage = stages.get(name)?.stage
  return stage ? ` (on ${passage} of ${name}, ${placeInWords(stage.at)})` : ''
}
