import type { TokenType } from 'chevrotain'
import { actions, type DeclarationKind, declarations, type Keyword, stageWords, triggers } from '../vocabulary.ts'
import { type Body, outermost } from './body.ts'
import { keyword } from './tokens.ts'

const words = <T extends object>(table: T) => Object.keys(table) as Keyword[]
const types = (list: readonly Keyword[]) => list.map((word) => keyword[word])

const processOnly: readonly Keyword[] = ['stage', 'final', 'field', 'access', 'moves']
const ruleWords = words(triggers)
const stageStarters = [...words(stageWords), ...ruleWords]
const inProcess: ReadonlySet<TokenType> = new Set([...outermost, ...types(processOnly)])

/** The bodies of a workspace's texts, by what may begin a statement in them. */
export const processBody: Body = {
  of: 'process',
  title: 'a process',
  starters: [...words(declarations.process.properties), ...ruleWords],
  outer: outermost,
}
export const stageBody: Body = { of: 'stage', title: 'a stage', starters: stageStarters, outer: inProcess }
export const actionsBody: Body = {
  of: 'rule',
  title: 'a rule',
  starters: words(actions),
  outer: new Set([...inProcess, ...types(stageStarters)]),
}
export const workspaceBody: Body = {
  of: 'workspace',
  title: 'a workspace',
  starters: words(declarations),
  outer: new Set(),
}
export const tableBody: Body = { of: 'table', title: 'a table', starters: ['otherwise'], outer: outermost }

/** The body of a declaration that is a list of properties. */
export function propertiesBody(kind: DeclarationKind, more: readonly Keyword[] = []): Body {
  const title = kind === 'company' ? 'the company' : kind === 'hours' ? 'hours' : `a ${kind}`
  return { of: kind, title, starters: [...words(declarations[kind].properties), ...more], outer: outermost }
}
