import type pg from 'pg'

/** Milliseconds after its turn in which a letter may still go by it; later it asks for another, so that none add up. */
const patience = 10_000

/**
 * When a letter may go to a mail domain that takes `perMinute` letters a minute, of all nodes together: nothing where that is
 * now, else the moment. Turns are given out in the order in which they were asked for, and a letter keeps the one it has.
 */
export async function turnOf(
  pool: pg.Pool,
  letter: { readonly caseId: string; readonly seq: number; readonly turnAt: Date | null },
  domainHash: Buffer,
  perMinute: number,
): Promise<Date | undefined> {
  const lateness = letter.turnAt ? Date.now() - letter.turnAt.getTime() : Number.POSITIVE_INFINITY
  if (letter.turnAt && lateness < 0) return letter.turnAt
  if (lateness < patience) return undefined
  const { rows } = await pool.query<{ turn: Date; now: boolean }>(
    `with given as (
       insert into mail_turns (domain_hash, next_at) values ($1, clock_timestamp() + $2::interval)
       on conflict (domain_hash) do update
         set next_at = greatest(mail_turns.next_at, clock_timestamp()) + $2::interval
       returning next_at - $2::interval as turn),
     kept as (update letters l set turn_at = g.turn from given g where l.case_id = $3 and l.seq = $4)
     select extract(epoch from turn) * 1000 as turn, turn <= clock_timestamp() as now from given`,
    [domainHash, `${60_000 / perMinute} milliseconds`, letter.caseId, letter.seq],
  )
  const [row] = rows
  return row && !row.now ? new Date(Number(row.turn)) : undefined
}

/** Clears away the domains that no letter waits for. */
export async function forgetTurns(pool: pg.Pool): Promise<void> {
  await pool.query("delete from mail_turns where next_at < clock_timestamp() - interval '1 hour'")
}
