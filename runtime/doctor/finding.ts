/** What `zgoda doctor` says of one part. A `note` is worth knowing and stands in nobody's way. */
export interface Finding {
  readonly part: string
  readonly state: 'good' | 'note' | 'bad'
  readonly says: string
  /** What to do; absent where nothing is. */
  readonly todo?: string
}

export function good(part: string, says: string): Finding {
  return { part, state: 'good', says }
}

export function note(part: string, says: string, todo: string): Finding {
  return { part, state: 'note', says, todo }
}

export function bad(part: string, says: string, todo: string): Finding {
  return { part, state: 'bad', says, todo }
}
