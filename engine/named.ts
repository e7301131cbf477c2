/** What stands under `name` in a record of declarations or values: its own entry, never one of `Object.prototype`. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** A copy of `record` without `names`; `record` itself where it has none of them. */
export function without<T>(record: Readonly<Record<string, T>>, names: readonly string[]): Readonly<Record<string, T>> {
  if (!names.some((name) => Object.hasOwn(record, name))) return record
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
}
