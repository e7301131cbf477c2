import type { Expression, Form } from '../../../engine/definition.ts'

/**
 * A stylesheet that hides each conditional question of `#form` while its condition does not hold, so far as CSS can tell from
 * the answers. What it can't tell stays in view, and the server asks the condition itself when the form comes in.
 */
export function conditionStyles({ questions }: Form): string {
  const asked = new Set(
    questions.map(({ ask }) => ('consent' in ask ? `consent.${ask.consent}` : `field.${ask.field}`)),
  )
  const rules = questions.flatMap(({ when }, at) => {
    const holds = when && selector(when, asked)
    return holds ? [`#form:not(${holds}) #q-${at} { display: none }`] : []
  })
  return rules.length === 0 ? '' : `@supports selector(:has(*)) {\n${rules.join('\n')}\n}\n`
}

/** A compound selector of the form that matches while the expression holds; nothing where CSS can't tell. */
function selector(expression: Expression, asked: ReadonlySet<string>): string | undefined {
  switch (expression.kind) {
    case 'consent':
      return consentSelector(expression.purpose, expression.statuses, asked)
    case 'field':
      return expression.type === 'yes/no' ? checkedSelector(expression.field, 'yes', asked) : undefined
    case 'compare':
      return expression.operator === '=' ? equalSelector(expression.left, expression.right, asked) : undefined
    case 'in':
      return any(expression.options.map((option) => equalSelector(expression.of, option, asked)))
    case 'not': {
      const of = selector(expression.of, asked)
      return of && `:not(${of})`
    }
    case 'and': {
      const [left, right] = [selector(expression.left, asked), selector(expression.right, asked)]
      return left && right && left + right
    }
    case 'or':
      return any([selector(expression.left, asked), selector(expression.right, asked)])
    default:
      return undefined
  }
}

function consentSelector(purpose: string, statuses: readonly string[], asked: ReadonlySet<string>): string | undefined {
  const name = `consent.${purpose}`
  if (!asked.has(name)) return undefined
  return any(
    statuses.map((status) => {
      if (status === 'given' || status === 'refused') return checked(name, status)
      return status === 'none' ? `:not(:has([name=${quoted(name)}]:checked))` : ':not(*)'
    }),
  )
}

function equalSelector(left: Expression, right: Expression, asked: ReadonlySet<string>): string | undefined {
  if (left.kind !== 'field') return undefined
  if (right.kind === 'option' || right.kind === 'text') return checkedSelector(left.field, right.value, asked)
  if (right.kind === 'yes/no') return checkedSelector(left.field, right.value ? 'yes' : 'no', asked)
  return undefined
}

function checkedSelector(field: string, value: string, asked: ReadonlySet<string>): string | undefined {
  const name = `field.${field}`
  if (!asked.has(name)) return undefined
  return `:is(${checked(name, value)}, :has([name=${quoted(name)}] option[value=${quoted(value)}]:checked))`
}

function checked(name: string, value: string): string {
  return `:has([name=${quoted(name)}][value=${quoted(value)}]:checked)`
}

function any(selectors: readonly (string | undefined)[]): string | undefined {
  return selectors.every((one) => one !== undefined) ? `:is(${selectors.join(', ')})` : undefined
}

/** A CSS string: all but plain letters and digits by number (CSS Syntax §4.3.7). */
function quoted(text: string): string {
  return `"${text.replace(/[^\w. -]/gu, (letter) => `\\${letter.codePointAt(0)?.toString(16)} `)}"`
}
