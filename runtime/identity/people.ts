import type { Clock } from '../clock.ts'
import type { Identity, Person, Session } from '../http/ports.ts'
import { newId } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import type { IdentityStore, PersonRecord } from './identity-store.ts'
import { Limits, limitsOfTry } from './limits.ts'
import { generatePassword, hashPassword, longestPassword, passwordMatches, shortestPassword } from './passwords.ts'
import { Sessions } from './sessions.ts'

const hour = 60 * 60_000
const staffLifetimes = { idle: 12 * hour, whole: 7 * 24 * hour }

export interface NewPerson {
  readonly login: string
  readonly name?: string
  readonly password: string
  readonly roles: readonly string[]
}

/** The people who work here: signing in and out, and adding them. */
export class People implements Identity {
  readonly #store: IdentityStore
  readonly #sessions: Sessions
  readonly #limits: Limits
  readonly #now: () => Date

  constructor(store: IdentityStore, clock: Clock) {
    const now = () => new Date(clock.now())
    this.#store = store
    this.#now = now
    this.#limits = new Limits(store, now)
    this.#sessions = new Sessions(store, 'staff', staffLifetimes, now)
  }

  async signIn(login: string, password: string, from: string): Promise<{ token: string; session: Session }> {
    const name = normaliseLogin(login)
    const counts = limitsOfTry(name.slice(0, 100), from)
    await this.#limits.tried(counts)
    const person = await this.#checked(name, password)
    if (!person) throw new Refusal('wrong-credentials', 'This login and password do not belong together. Check both.')
    await this.#limits.succeeded(counts)
    const { token, csrf } = await this.#sessions.start(person.id)
    return { token, session: { person: shown(person), csrf } }
  }

  async session(token: string): Promise<Session | undefined> {
    const record = await this.#sessions.read(token)
    if (!record) return undefined
    const person = await this.#personOf(record)
    return person?.active ? { person: shown(person), csrf: record.csrf } : undefined
  }

  signOut(token: string): Promise<void> {
    return this.#sessions.end(token)
  }

  /** Reads anew who is signed in, and who they are: another node has changed it. */
  forgetRead(): void {
    this.#sessions.forgetRead()
  }

  /** Adds someone who works here, or `Refusal` `invalid-value` / `conflict`. Nothing but a login is asked of them. */
  async addPerson(person: NewPerson): Promise<Person> {
    const login = normaliseLogin(person.login)
    if (!/^[a-z0-9][a-z0-9._@+-]{0,99}$/.test(login)) {
      throw new Refusal(
        'invalid-value',
        'A login has 1 to 100 letters a–z, digits or . _ @ + - and starts with a letter or digit.',
        {
          fields: ['login'],
        },
      )
    }
    if (person.password.length < shortestPassword || person.password.length > longestPassword) {
      throw new Refusal('invalid-value', `A password has ${shortestPassword} to ${longestPassword} characters.`, {
        fields: ['password'],
      })
    }
    const record: PersonRecord = {
      id: newId(),
      login,
      name: person.name?.trim() || login,
      passwordHash: await hashPassword(person.password),
      roles: person.roles,
      active: true,
      createdAt: this.#now(),
    }
    if (!(await this.#store.addPerson(record))) {
      throw new Refusal('conflict', `The login \`${login}\` is taken. Choose another.`, { fields: ['login'] })
    }
    return shown(record)
  }

  /** The first person, with every role of the workspace, where nobody works here yet; else nothing happens. */
  async seedAdministrator(first: {
    readonly login?: string
    readonly password?: string
    readonly roles: readonly string[]
  }): Promise<{ readonly person: Person; readonly password: string } | undefined> {
    if ((await this.#store.people()).length > 0) return undefined
    const password = first.password ?? generatePassword()
    return { person: await this.addPerson({ login: first.login ?? 'admin', password, roles: first.roles }), password }
  }

  #known = new WeakMap<object, Promise<PersonRecord | undefined>>()

  /** One look-up for each session read, so that the session's short cache covers the person as well. */
  #personOf(record: { readonly subjectId: string }): Promise<PersonRecord | undefined> {
    const known = this.#known.get(record)
    if (known) return known
    const person = this.#store.person(record.subjectId)
    this.#known.set(record, person)
    person.catch(() => this.#known.delete(record))
    return person
  }

  async #checked(login: string, password: string): Promise<PersonRecord | undefined> {
    if (password.length > longestPassword) return undefined
    const person = await this.#store.personByLogin(login)
    const matches = await passwordMatches(person?.passwordHash, password)
    return matches && person?.active ? person : undefined
  }
}

function normaliseLogin(login: string): string {
  return login.trim().toLowerCase()
}

function shown(person: PersonRecord): Person {
  return { id: person.id, login: person.login, name: person.name, roles: person.roles }
}
