import type { ConsentStatus } from '../../engine/definition.ts'
import type { Ended, Expectation, ExpectedValue } from '../../engine/simulate/scenario.ts'
import { given } from '../resolve/context.ts'
import { oneOf } from '../resolve/values.ts'
import type { Name } from '../tree.ts'
import { consentStatuses } from '../vocabulary.ts'
import type { Body } from '../yaml/body.ts'
import { nameNode } from '../yaml/values.ts'
import { isKnown, known, type Scope } from './scope.ts'
import { entriesOf, writtenIn } from './values.ts'

/** What a step expects, its names looked up. */
export function expectationOf(scope: Scope, body: Body): Expectation {
  const stage = body.name('stage')
  const letters = body.names('letters')
  const sight = (key: 'visible' | 'editable' | 'hidden') => {
    const fields = body.names(key)
    return given(key, fields && known(scope, 'field', fields))
  }
  return {
    ...given('stage', stage && isKnown(scope, 'stage', stage) ? stage.text : undefined),
    ...given('letters', letters && known(scope, 'letter', letters)),
    ...given('notified', notifiedIn(scope, body)),
    ...given('consent', consentIn(scope, body)),
    ...sight('visible'),
    ...sight('editable'),
    ...sight('hidden'),
    ...given('fields', fieldsIn(scope, body)),
    ...given(
      'scheduled',
      body.names('scheduled')?.map(({ text }) => text),
    ),
    ...given('ended', endedIn(scope, body)),
  }
}

const audiences: ReadonlySet<string> = new Set(['everyone', 'assignee'])

function notifiedIn(scope: Scope, body: Body): readonly string[] | undefined {
  const isOne = (name: Name) => audiences.has(name.text) || isKnown(scope, 'role', name)
  return body.names('notified')?.flatMap((name) => (isOne(name) ? [name.text] : []))
}

function consentIn(scope: Scope, body: Body): Readonly<Record<string, ConsentStatus>> | undefined {
  const node = body.node('consent')
  if (!node) return undefined
  const consents: Record<string, ConsentStatus> = {}
  for (const [purpose, value] of entriesOf(body.reader, node)) {
    const status = oneOf(scope.context, nameNode(body.reader, value), consentStatuses, 'state of a consent')
    if (isKnown(scope, 'purpose', purpose) && status) consents[purpose.text] = status
  }
  return consents
}

function fieldsIn(scope: Scope, body: Body): Readonly<Record<string, ExpectedValue>> | undefined {
  if (!body.node('fields')) return undefined
  const values = Object.entries(writtenIn(scope, body, 'fields'))
  return Object.fromEntries(
    values.map(([name, written]): [string, ExpectedValue] => [
      name,
      written === 'erased' && !isOption(scope, name) ? { is: 'erased' } : { is: 'value', written },
    ]),
  )
}

/** Whether `erased` is one of a field's own options. */
function isOption({ process }: Scope, name: string): boolean {
  const type = process.fields[name]?.type
  return type !== undefined && 'options' in type && type.options.includes('erased')
}

const endings = ['false', 'true', 'success'] as const satisfies readonly Ended[]
const flags: ReadonlyMap<string, string> = new Map([
  ['yes', 'true'],
  ['no', 'false'],
])

function endedIn({ context }: Scope, body: Body): Ended | undefined {
  const word = body.name('ended')
  return word && oneOf(context, { ...word, text: flags.get(word.text) ?? word.text }, endings, 'kind of end')
}
