/** What a Postgres address says: its servers, each by an address of its own, and whether the one that takes writes is looked for. */
export interface DatabaseAddress {
  readonly servers: readonly string[]
  readonly seeksPrimary: boolean
  /** As `target_session_attrs` has it, if at all. */
  readonly wanted: string | undefined
}

const attribute = 'target_session_attrs'

/**
 * Takes `postgres://user:password@one:5432,two:5432/database?target_session_attrs=read-write` apart. Where more than one
 * server is named, or the attribute is, the one that takes writes is meant, since a server of ours is of no use without it.
 */
export function readDatabaseAddress(text: string): DatabaseAddress {
  const [, before = '', hosts = '', after = ''] = /^(\w+:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/s.exec(text) ?? []
  const [path = '', query = ''] = after.split(/\?(.*)/s)
  const params = query.split('&').filter((param) => param !== '')
  const others = params.filter((param) => !param.startsWith(`${attribute}=`))
  const wanted = params.find((param) => param.startsWith(`${attribute}=`))?.slice(attribute.length + 1)
  const rest = others.length > 0 ? `${path}?${others.join('&')}` : path
  const servers = hosts.split(',').map((host) => `${before}${host}${rest}`)
  return { servers, seeksPrimary: servers.length > 1 || wanted !== undefined, wanted }
}
