import type pg from 'pg'

interface Connection {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** `COPY … FROM STDIN` with all of its lines at hand; the driver calls these methods as the answers come. */
class CopyIn {
  readonly #text: string
  readonly #lines: Buffer
  readonly #settle: { resolve(): void; reject(error: Error): void }
  #error: Error | undefined

  constructor(text: string, lines: Buffer, settle: { resolve(): void; reject(error: Error): void }) {
    this.#text = text
    this.#lines = lines
    this.#settle = settle
  }

  submit(connection: Connection): void {
    connection.query(this.#text)
  }

  handleCopyInResponse(connection: Connection): void {
    connection.sendCopyFromChunk(this.#lines)
    connection.endCopyFrom()
  }

  handleError(error: Error): void {
    this.#error = error
  }

  handleReadyForQuery(): void {
    if (this.#error) this.#settle.reject(this.#error)
    else this.#settle.resolve()
  }

  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
}

/** Adds rows to a table, as lines of COPY's text format. */
export function copyIn(db: pg.Client, table: string, columns: readonly string[], lines: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    db.query(new CopyIn(`copy ${table} (${columns.join(', ')}) from stdin`, lines, { resolve, reject }) as never)
  })
}
