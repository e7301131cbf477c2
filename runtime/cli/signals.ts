import type { Log } from '../log.ts'

/** Waits until the operator asks the process to stop: Ctrl-C, or a service manager's SIGTERM. */
export function untilAsked(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

/**
 * Ends what is under way. What has not ended after so many seconds is left: the process ends all the same, and its jobs are given
 * back to the queue by another node, or at the next start.
 */
export async function endInTime(stop: () => Promise<void>, seconds: number, log: Log): Promise<void> {
  const patience = setTimeout(() => {
    log.warn({ seconds }, 'not all ended in time; what was left runs again elsewhere, or at the next start')
    process.exit(0)
  }, seconds * 1000)
  await stop()
  clearTimeout(patience)
}
