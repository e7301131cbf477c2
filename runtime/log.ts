import { pino } from 'pino'
import { currentTrace } from './trace.ts'

/** Structured logging. Messages and fields hold ids and names, never values of anyone. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  debug(fields: object, message: string): void
}

/** `node` is the worker's number, where there is more than one on this machine. */
export function createLog(level: string, node?: number): Log {
  return pino(
    { level, base: node === undefined ? null : { node }, timestamp: pino.stdTimeFunctions.isoTime, mixin: ofTrace },
    pino.destination({ dest: 2, sync: false }),
  )
}

function ofTrace(): object {
  const trace = currentTrace()
  return trace === undefined ? {} : { trace }
}

/** What of an error may be logged: its kind, code and stack, without the parameters that a database error carries. */
export function describeError(error: unknown): { error: string; code?: string; stack?: string } {
  if (!(error instanceof Error)) return { error: 'unknown' }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { error: error.name, ...(code ? { code } : {}), ...(error.stack ? { stack: frames(error.stack) } : {}) }
}

/** The frames alone: the first lines repeat the message, which may quote input. */
function frames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8)
    .join('\n')
}
