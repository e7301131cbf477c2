import type { Job } from '../jobs/worker.ts'
import type { Figures } from './figures.ts'

/** The same jobs, each attempt counted by how it went. */
export function counted(jobs: Readonly<Record<string, Job>>, figures: Figures): Record<string, Job> {
  return Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, countedJob(name, job, figures)]))
}

function countedJob(name: string, job: Job, figures: Figures): Job {
  return (payload, attempt) => {
    const started = performance.now()
    const note = (outcome: string) => {
      figures.jobs.add(name, outcome)
      figures.jobSeconds.observe((performance.now() - started) / 1000, name)
    }
    const failed = attempt.last ? 'given up' : 'failed'
    const watched = (working: Promise<void>) =>
      working.then(
        () => note('done'),
        (error: unknown) => {
          note(failed)
          throw error
        },
      )
    const working = job(payload, attempt)
    return Array.isArray(working) ? working.map(watched) : watched(working)
  }
}
