import { type ParseArgsConfig, parseArgs } from 'node:util'
import { nearest } from '../../dsl/nearest.ts'

/** That a command line does not say what the command needs. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What is said of a folder without any file of a workspace. */
export function noWorkspace(folder: string): UsageError {
  return new UsageError(`\`${folder}\` holds no workspace: there is no \`.zgoda\` or \`.yaml\` file in it`)
}

/** Options and positionals of a command line; unknown ones are a UsageError in plain words. */
export function readArguments<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
  most: number,
) {
  try {
    const read = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    if (read.positionals.length > most) throw new UsageError(`\`${read.positionals[most]}\` is one argument too many`)
    return read
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof TypeError)) throw error
    const [sentence = ''] = error.message.split('. ')
    const unknown = /^Unknown option '(.+)'$/.exec(sentence)?.[1]
    const meant =
      unknown === undefined
        ? ''
        : suggestion(
            unknown,
            Object.keys(options).map((name) => `--${name}`),
          )
    throw new UsageError(`${sentence.replace(/^U/, 'u').replaceAll("'", '`')}${meant}; see \`--help\``)
  }
}

/** The value of an option that takes one of a few words. Throws a UsageError that names them all. */
export function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value)
  if (found !== undefined) return found
  const names = allowed.map((each) => `\`${each}\``)
  const listed = names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` : names.join('')
  throw new UsageError(`\`--${option}\` takes ${listed}, not \`${short(value)}\`${suggestion(value, allowed)}`)
}

/** `, did you mean …?` where something is near, else nothing. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const meant = nearest(word, candidates)
  return meant === undefined ? '' : `, did you mean \`${meant}\`?`
}

/** As much of what was typed as an error has room for. */
export function short(words: string): string {
  return words.length > 40 ? `${words.slice(0, 40)}…` : words
}
