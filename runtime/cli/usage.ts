import { type ParseArgsConfig, parseArgs } from 'node:util'

/** That a command line does not say what the command needs. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
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
    const [sentence] = error.message.split('. ')
    throw new UsageError(`${(sentence ?? error.message).replace(/^U/, 'u').replaceAll("'", '`')}; see \`--help\``)
  }
}
