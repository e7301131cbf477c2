import pg from 'pg'

// biome-ignore lint/suspicious/noExplicitAny: tests read rows freely; a wrong shape fails an assertion
export async function query(url: string, text: string, values: unknown[] = []): Promise<any[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}

/** Lets every job that waits for its next try have it now, and have been tried as often as said. */
export async function hurry(url: string, tries?: number): Promise<void> {
  await query(
    url,
    `update graphile_worker._private_jobs set run_at = now(), attempts = coalesce($1, attempts)
     where locked_at is null and attempts < max_attempts`,
    [tries ?? null],
  )
}
