import { OperatorError } from '../operator-error.ts'

/** A setting that a command can't do without; throws a sentence that names it and says what it is. */
export function needed(value: string | undefined, name: string, what: string): string {
  if (value) return value
  throw new OperatorError(`${name} is not set: ${what}`)
}
