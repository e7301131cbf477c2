import type { Effect } from '../../engine/decision.ts'
import { addressOf } from '../../engine/index.ts'
import type { Composed } from '../mail/compose.ts'
import { compose } from '../mail/compose.ts'
import { describeError, type Log } from '../log.ts'
import type { WriteSet } from '../store/write.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { LoadedCase } from './assemble.ts'

type LetterEffect = Extract<Effect, { type: 'letter' }>

/** A letter as it waits in the vault: to whom, and its words as they were when it was decided. */
export interface WaitingLetter {
  readonly to: string
  readonly language: string
  readonly composed: Composed
}

export function letterPlace(caseId: string, seq: number): string {
  return `letter ${caseId} ${seq}`
}

export interface Postman {
  /** Composes a letter from the case as it was at that action, and adds it to the write with the job that sends it. */
  post(set: WriteSet, loaded: LoadedCase, effect: LetterEffect, at: string): void
}

/** `company` is the company's own mailbox, where letters to staff go; `fallback` seals the letters of cases without a client. */
export function createPostman(vault: Vault, fallback: () => Holder, company: string, log: Log): Postman {
  return {
    post(set, loaded, effect, at) {
      const { row, running } = loaded
      const holder = loaded.holder ?? fallback()
      const common = {
        case_id: row.caseId,
        seq: effect.seq,
        letter: effect.letter,
        client_id: row.client?.clientId ?? null,
        purpose: running.definition.letters[effect.letter]?.purpose ?? null,
        at,
      }
      try {
        const waiting = prepare(loaded, effect, company)
        const sealed = vault.sealRecord(holder, letterPlace(row.caseId, effect.seq), waiting).toString('base64')
        set.letters.push({ ...common, status: 'waiting', because: null, sealed })
        set.jobs.push({
          case_id: row.caseId,
          identifier: 'letter',
          payload: { caseId: row.caseId, seq: effect.seq },
          run_at: null,
          job_key: letterPlace(row.caseId, effect.seq),
        })
      } catch (error) {
        log.error({ caseId: row.caseId, letter: effect.letter, ...describeError(error) }, 'a letter could not be composed')
        const because = 'its text could not be composed: see the template of the letter'
        set.letters.push({ ...common, status: 'failed', because, sealed: null })
      }
    },
  }
}

function prepare({ row, running }: LoadedCase, effect: LetterEffect, company: string): WaitingLetter {
  const language = row.client?.language ?? 'en'
  const composed = compose(running.definition, effect.letter, {
    process: running.process,
    state: effect.state,
    language,
    documents: effect.attach,
  })
  const staff = effect.to.kind === 'role' || effect.to.kind === 'assignee'
  const to = staff ? company : addressOf(running, effect.state, effect.to)
  if (!to) throw new Error('no address')
  return { to, language, composed }
}
