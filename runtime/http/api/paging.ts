import type { JsonSchema } from './schema.ts'

export interface Paging {
  readonly after?: string
  readonly limit?: number
}

/** The query of a list: where to go on, and how many. */
export const paging: Readonly<Record<string, JsonSchema>> = {
  after: { type: 'string', maxLength: 200, description: 'the `next` of the page before' },
  limit: { type: 'integer', minimum: 1, maximum: 200 },
}

export function pageOf({ after, limit }: Paging): Paging {
  return { ...(after !== undefined && { after }), ...(limit !== undefined && { limit }) }
}
