import type { Failures } from '../../../runtime/identity/identity-store.ts'
import type { IdentityStore, PersonRecord, SessionRecord } from '../../../runtime/identity/index.ts'

/** An `IdentityStore` in memory that counts the reads of sessions. */
export function memoryStore() {
  const people = new Map<string, PersonRecord>()
  const sessions = new Map<string, SessionRecord>()
  const codes = new Map<string, { clientId: string; expiresAt: Date; used: boolean }>()
  const failures = new Map<string, Failures>()
  const reads = { sessions: 0 }
  const store: IdentityStore = {
    personByLogin: async (login) => [...people.values()].find((person) => person.login === login),
    person: async (id) => people.get(id),
    people: async () => [...people.values()],
    async addPerson(person) {
      if ([...people.values()].some((other) => other.login === person.login)) return false
      people.set(person.id, person)
      return true
    },
    async setPassword(id, passwordHash) {
      const person = people.get(id)
      if (person) people.set(id, { ...person, passwordHash })
    },
    async addSession(hash, session) {
      sessions.set(hash.toString('hex'), session)
    },
    async session(hash) {
      reads.sessions += 1
      return sessions.get(hash.toString('hex'))
    },
    async extendSession(hash, expiresAt) {
      const session = sessions.get(hash.toString('hex'))
      if (session) sessions.set(hash.toString('hex'), { ...session, expiresAt })
    },
    async endSession(hash) {
      sessions.delete(hash.toString('hex'))
    },
    async endSessionsOf(kind, subjectId) {
      for (const [hash, session] of sessions)
        if (session.kind === kind && session.subjectId === subjectId) sessions.delete(hash)
    },
    async removeExpired(now) {
      for (const [hash, session] of sessions) if (session.expiresAt < now) sessions.delete(hash)
    },
    async addPortalCode(hash, code) {
      codes.set(hash.toString('hex'), { ...code, used: false })
    },
    async usePortalCode(hash, now) {
      const code = codes.get(hash.toString('hex'))
      if (!code || code.used || code.expiresAt <= now) return undefined
      code.used = true
      return code.clientId
    },
    async removePortalCodesOf(clientId) {
      for (const [hash, code] of codes) if (code.clientId === clientId) codes.delete(hash)
    },
    async changeFailures(_, change) {
      for (const { key, count, last } of change(failures)) failures.set(key, { count, last })
    },
  }
  return { store, people, sessions, codes, reads }
}
