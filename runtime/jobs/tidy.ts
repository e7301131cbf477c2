import type { Clock } from '../clock.ts'
import type { IdentityStore } from '../identity/index.ts'
import type { Database } from '../store/database.ts'
import { forgetDrafts } from '../store/drafts.ts'
import { forgetTurns } from '../store/mail-turns.ts'
import { forgetRequests } from '../store/requests.ts'
import { forgetUploads } from '../store/uploads.ts'
import type { Job } from './worker.ts'

const day = 24 * 60 * 60_000

/** Clears away what has run out: sessions, portal codes, keys of requests that nobody repeats any more, letters begun and left. */
export function tidyJob(store: IdentityStore, db: Database, clock: Clock): Job {
  return async () => {
    const now = new Date(clock.now())
    await store.removeExpired(now)
    await forgetRequests(db.pool, new Date(now.getTime() - 2 * day))
    await forgetTurns(db.pool)
    await forgetDrafts(db.pool, new Date(now.getTime() - 60 * day))
    await forgetUploads(db.pool, new Date(now.getTime() - 61 * day))
  }
}
