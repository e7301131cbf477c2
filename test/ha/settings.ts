import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'

/** A member as it runs here: on this machine, without TLS. */
export interface Member {
  readonly name: string
  readonly postgres: number
  readonly rest: number
  readonly etcd: number
  readonly folder: string
  readonly programs: string
  readonly password: string
}

const page = 'docs/high-availability.md'

/** The settings that docs/high-availability.md gives the operator, with nothing but names, places and passwords of our own. */
export async function settingsOf(member: Member): Promise<object> {
  const [, documented] = /```yaml\n(.*?)```/s.exec(await readFile(page, 'utf8')) ?? []
  if (!documented) throw new Error(`${page} has no settings of Patroni`)
  const settings = parse(documented)
  const rest = `127.0.0.1:${member.rest}`
  const postgres = `127.0.0.1:${member.postgres}`
  return {
    ...settings,
    name: member.name,
    restapi: { listen: rest, connect_address: rest },
    etcd3: { hosts: `127.0.0.1:${member.etcd}` },
    postgresql: {
      ...settings.postgresql,
      listen: postgres,
      connect_address: postgres,
      data_dir: `${member.folder}/data`,
      bin_dir: member.programs,
      pgpass: `${member.folder}/pgpass`,
      authentication: Object.fromEntries(
        Object.entries<object>(settings.postgresql.authentication).map(([role, who]) => [
          role,
          { ...who, password: member.password },
        ]),
      ),
      pg_hba: ['host all all 127.0.0.1/32 scram-sha-256', 'host replication replicator 127.0.0.1/32 scram-sha-256'],
      parameters: { unix_socket_directories: member.folder, log_min_error_statement: 'panic' },
    },
  }
}
