import type { Knex } from 'knex'
import type { IdentityStore, PersonRecord, SessionKind, SessionRecord } from '../identity/identity-store.ts'
import { forgottenAfter } from '../identity/limits.ts'
import { failuresOf, forgetFailures } from './failures.ts'

interface PersonRow {
  person_id: string
  login: string
  name: string
  password_hash: string | null
  roles: string[]
  active: boolean
  created_at: Date
}

interface SessionRow {
  token_hash: Buffer
  kind: SessionKind
  subject_id: string
  csrf: string
  created_at: Date
  expires_at: Date
}

interface CodeRow {
  code_hash: Buffer
  client_id: string
  expires_at: Date
  used_at: Date | null
}

/** People, sessions and portal codes in Postgres (`migrations/002_people.ts`); `hide` makes what tries are counted under unreadable. */
export function identityStore(knex: Knex, hide: (key: string) => Buffer): IdentityStore {
  return { ...peopleOf(knex), ...sessionsOf(knex), ...codesOf(knex), ...failuresOf(knex, hide) }
}

function peopleOf(knex: Knex) {
  const people = () => knex<PersonRow>('people')
  return {
    async personByLogin(login: string) {
      const row = await people().where({ login }).first()
      return row && personOf(row)
    },
    async person(id: string) {
      const row = await people().where({ person_id: id }).first()
      return row && personOf(row)
    },
    async people() {
      return (await people().orderBy('login')).map(personOf)
    },
    async addPerson(person: PersonRecord) {
      const row = {
        person_id: person.id,
        login: person.login,
        name: person.name,
        password_hash: person.passwordHash ?? null,
        roles: [...person.roles],
        active: person.active,
        created_at: person.createdAt,
      }
      return knex.transaction(async (db) => {
        const added = await db<PersonRow>('people').insert(row).onConflict('login').ignore().returning('person_id')
        if (added.length === 0) return false
        const entry = { person: person.id, roles: person.roles }
        await db('audit_waiting').insert({ at: person.createdAt, kind: 'person', actor: 'system', entry })
        return true
      })
    },
    async setPassword(id: string, passwordHash: string) {
      await people().where({ person_id: id }).update({ password_hash: passwordHash })
    },
  }
}

function sessionsOf(knex: Knex) {
  const sessions = () => knex<SessionRow>('sessions')
  return {
    async addSession(tokenHash: Buffer, session: SessionRecord) {
      await sessions().insert({
        token_hash: tokenHash,
        kind: session.kind,
        subject_id: session.subjectId,
        csrf: session.csrf,
        created_at: session.createdAt,
        expires_at: session.expiresAt,
      })
    },
    async session(tokenHash: Buffer): Promise<SessionRecord | undefined> {
      const row = await sessions().where({ token_hash: tokenHash }).first()
      if (!row) return undefined
      const { kind, csrf } = row
      return { kind, csrf, subjectId: row.subject_id, createdAt: row.created_at, expiresAt: row.expires_at }
    },
    async extendSession(tokenHash: Buffer, expiresAt: Date) {
      await sessions().where({ token_hash: tokenHash }).update({ expires_at: expiresAt })
    },
    async endSession(tokenHash: Buffer) {
      await sessions().where({ token_hash: tokenHash }).delete()
    },
    async endSessionsOf(kind: SessionKind, subjectId: string) {
      await sessions().where({ kind, subject_id: subjectId }).delete()
    },
    async removeExpired(now: Date) {
      await sessions().where('expires_at', '<', now).delete()
      await knex<CodeRow>('portal_codes').where('expires_at', '<', now).delete()
      await forgetFailures(knex, new Date(now.getTime() - forgottenAfter))
    },
  }
}

function codesOf(knex: Knex) {
  const codes = () => knex<CodeRow>('portal_codes')
  return {
    async addPortalCode(codeHash: Buffer, code: { readonly clientId: string; readonly expiresAt: Date }) {
      await codes().insert({ code_hash: codeHash, client_id: code.clientId, expires_at: code.expiresAt })
    },
    async usePortalCode(codeHash: Buffer, now: Date) {
      const [used] = await codes()
        .where({ code_hash: codeHash })
        .whereNull('used_at')
        .where('expires_at', '>', now)
        .update({ used_at: now })
        .returning('client_id')
      return used?.client_id
    },
    async removePortalCodesOf(clientId: string) {
      await codes().where({ client_id: clientId }).delete()
    },
  }
}

function personOf(row: PersonRow): PersonRecord {
  return {
    id: row.person_id,
    login: row.login,
    name: row.name,
    ...(row.password_hash !== null && { passwordHash: row.password_hash }),
    roles: row.roles,
    active: row.active,
    createdAt: row.created_at,
  }
}
