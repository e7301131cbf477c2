import type pg from 'pg'

/** How much someone who works here has at hand. */
export interface Workload {
  readonly personId: string
  readonly roles: readonly string[]
  readonly open: number
  /** When the newest case that is theirs began; null where they have none. */
  readonly newest: string | null
}

/** The workload of each active person who has one of the roles or is among `ids`. */
export async function loadWorkload(
  db: pg.Pool | pg.PoolClient,
  roles: readonly string[],
  ids: readonly string[],
): Promise<Workload[]> {
  const { rows } = await db.query<{ person_id: string; roles: string[]; open: string; newest: string | null }>({
    name: 'load workload',
    text: `select p.person_id, p.roles,
        (select count(*) from cases c where c.assignee = p.person_id and c.ended = 'no') as open,
        (select c.created_at from cases c where c.assignee = p.person_id order by c.case_id desc limit 1) as newest
      from people p where p.active and (p.roles && $1::text[] or p.person_id = any($2::uuid[]))
      order by p.person_id`,
    values: [roles, ids],
  })
  return rows.map(({ person_id: personId, roles, open, newest }) => ({ personId, roles, open: Number(open), newest }))
}
