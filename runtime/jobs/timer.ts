import { decide } from '../../engine/index.ts'
import type { Road } from '../cases/road.ts'
import { Refusal } from '../refusal.ts'
import type { Job } from './worker.ts'

/** Lets a timer of a case go off, unless the case has cancelled it or set it anew since. */
export function timerJob(road: Road): Job {
  return async (payload) => {
    const { caseId, key, due } = payload as { caseId: string; key: string; due: string }
    try {
      await road.happen({
        caseId,
        event: 'timer',
        decide: (loaded, now) => {
          if (loaded.state.timers[key] !== due)
            throw new Refusal('nothing-to-do', 'the timer was cancelled or set anew')
          return decide(loaded.running.machine, loaded.state, { type: 'timer', by: { kind: 'system' }, key }, { now })
        },
      })
    } catch (error) {
      if (error instanceof Refusal && over.has(error.code)) return
      throw error
    }
  }
}

const over = new Set(['nothing-to-do', 'case-ended', 'not-found'])
