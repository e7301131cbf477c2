/**
 * Runs `parse` in an empty environment and with no stack on errors. The `yaml` package asks the environment for a debug switch
 * at every lexeme, and makes an error of every mistake: both leave JavaScript, and take a third of its time and more.
 */
export function unhindered<T>(parse: () => T): T {
  // A browser has no environment to ask.
  if (typeof process === 'undefined') return parse()
  const { env } = process
  const { stackTraceLimit } = Error
  process.env = {}
  Error.stackTraceLimit = 0
  try {
    return parse()
  } finally {
    process.env = env
    Error.stackTraceLimit = stackTraceLimit
  }
}
