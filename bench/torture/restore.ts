import { type BackedUp, copiedPostgres, dumpedPostgres } from '../../test/torture/backup.ts'
import { backUpAndRestore } from '../../test/torture/restore.ts'
import { Random } from './random.ts'
import { type TortureResult, total } from './result.ts'

/** Backups under load in both documented ways, half of the rounds each: by `pg_dump`, and by a copy of the files with their log. */
export async function torture(rounds: number, seed: number): Promise<TortureResult> {
  const random = new Random(seed)
  const half = Math.floor(rounds / 2)
  return total([
    await on(await dumpedPostgres(), (place) => backUpAndRestore(place, random, rounds - half)),
    await on(await copiedPostgres(), (place) => backUpAndRestore(place, random, half)),
  ])
}

async function on<T>(place: BackedUp, work: (place: BackedUp) => Promise<T>): Promise<T> {
  try {
    return await work(place)
  } finally {
    await place.close()
  }
}
