import { suggestion, UsageError } from './usage.ts'

/** A column of the file that is sent: where it stands, what it is called there and here. */
export interface SentColumn {
  readonly at: number
  readonly inFile: string
  readonly name: string
}

/** Which columns are sent as what. `--map column=field` says so; `column=` leaves it out; others keep their name. */
export function sentColumns(inFile: readonly string[], maps: readonly string[]): readonly SentColumn[] {
  const renamed = new Map(maps.flatMap(pairs))
  for (const column of renamed.keys()) {
    if (inFile.includes(column)) continue
    throw new UsageError(`the file has no column \`${column}\`${suggestion(column, inFile)}`)
  }
  const sent = inFile.map((column, at) => ({ at, inFile: column, name: renamed.get(column) ?? column }))
  return sent.filter(({ name }) => name !== '')
}

/** `a=b,c=d`, where a column's own name may hold a comma. */
function pairs(map: string): [string, string][] {
  const parts: string[] = []
  let open = ''
  for (const part of map.split(',')) {
    open = open === '' ? part : `${open},${part}`
    if (!part.includes('=')) continue
    parts.push(open)
    open = ''
  }
  if (open !== '' || parts.length === 0) {
    throw new UsageError('`--map` takes `column=field`, several with commas between them')
  }
  return parts.map((part) => {
    const at = part.lastIndexOf('=')
    return [part.slice(0, at).trim(), part.slice(at + 1).trim()]
  })
}
