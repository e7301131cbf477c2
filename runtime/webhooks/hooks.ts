import { createHash, randomBytes } from 'node:crypto'
import type { Process } from '../../engine/definition.ts'
import { decide } from '../../engine/index.ts'
import { doneBefore, type RepeatableRequest } from '../cases/requests.ts'
import { caseRights, everyRole } from '../cases/rights.ts'
import type { Road } from '../cases/road.ts'
import type { Versions } from '../cases/versions.ts'
import type { Clock } from '../clock.ts'
import type { Caller, Hooks, HookView } from '../http/ports.ts'
import { type IdentityStore, Limits } from '../identity/index.ts'
import { isId, newId } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import { loadCases } from '../store/cases.ts'
import { answered, type Database } from '../store/database.ts'
import { deleteHook, findCase, hookByToken, insertHook, listHooks, type StoredHook } from '../store/hooks.ts'
import { open, seal } from '../vault/seal.ts'
import type { Vault } from '../vault/vault.ts'
import { signatureHolds } from './signature.ts'

export interface HookParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly road: Road
  readonly clock: Clock
  /** Where wrong tries are counted, for all nodes. */
  readonly store: IdentityStore
  personName(id: string): string
}

/** One address may guess wrong thirty times; each further try waits twice as long. */
const allowance = { free: 30, first: 2_000, longest: 15 * 60_000 }

/** Hooks: other systems tell a case of a signal, under a secret that was shown once. */
export class HookService implements Hooks {
  readonly #parts: HookParts
  readonly #limits: Limits

  constructor(parts: HookParts) {
    this.#parts = parts
    this.#limits = new Limits(parts.store, () => new Date(parts.clock.now()))
  }

  async create(by: Caller, { process, signal }: { process: string; signal: string }) {
    const { db, vault, versions, clock } = this.#parts
    const declared = versions.current(process)?.process
    if (by.kind !== 'staff' || !declared || !this.#seen(by).includes(process))
      throw new Refusal('not-found', `there is no process \`${process}\` that you may see`)
    if (!this.#moved(by).includes(process))
      throw new Refusal(
        'not-allowed',
        `none of your roles may move cases of \`${process}\`, so none may let others do so`,
      )
    if (!awaits(declared, signal))
      throw new Refusal('invalid-value', `no rule of \`${process}\` waits for a signal \`${signal}\``, {
        fields: ['signal'],
      })
    const id = newId()
    const token = randomBytes(32).toString('base64url')
    const secret = randomBytes(32).toString('base64url')
    await answered(
      insertHook(db.pool, {
        id,
        tokenHash: hashOf(token),
        process,
        signal,
        secret: seal(vault.master.hooks, Buffer.from(secret), `hook ${id}`),
        madeBy: by.person.id,
        at: clock.now(),
      }),
    )
    return { id, token, secret }
  }

  async list(by: Caller): Promise<readonly HookView[]> {
    const hooks = await answered(listHooks(this.#parts.db.pool, this.#reach(by)))
    return hooks.map(({ id, process, signal, at, madeBy }) => ({
      id,
      process,
      signal,
      at,
      madeBy: this.#parts.personName(madeBy),
    }))
  }

  async remove(by: Caller, id: string): Promise<void> {
    const found = isId(id) && (await answered(deleteHook(this.#parts.db.pool, id, this.#reach(by))))
    if (!found) throw new Refusal('not-found', 'there is no hook with this id that you may see')
  }

  async receive(token: string, { body, signature, from }: { body: string; signature: string; from: string }) {
    const { db, vault, clock } = this.#parts
    const wrong = [{ key: `hook ${from}`, shared: true, allowance }]
    const hook = await answered(hookByToken(db.pool, hashOf(token)))
    if (!hook) {
      await this.#limits.tried(wrong)
      throw new Refusal('not-found', 'there is nothing at this address')
    }
    const secret = open(vault.master.hooks, hook.secret, `hook ${hook.id}`).toString()
    if (!signatureHolds(signature, body, secret, new Date(clock.now()))) {
      await this.#limits.tried(wrong)
      throw new Refusal(
        'signature-invalid',
        'the `Zgoda-Signature` is not one of this body, made with this hook’s secret in the last five minutes',
      )
    }
    return this.#signal(hook, readBody(body), signature)
  }

  /** Carried out once for each `id`, or each signature where there is none: both stand under the signature, headers do not. */
  async #signal(hook: StoredHook, { named, id }: { named: string; id: string | undefined }, signature: string) {
    const { db, vault } = this.#parts
    const caseId = await answered(findCase(db.pool, hook.process, named))
    if (!caseId) throw new Refusal('not-found', `there is no case of \`${hook.process}\` with this id or number`)
    const request: RepeatableRequest = {
      caller: `hook:${hook.id}`,
      key: id === undefined ? signature : `id ${id}`,
      bodyHash: vault.master.lookup('request', JSON.stringify({ caseId })),
    }
    if (await answered(doneBefore(db, request))) return this.#answer(caseId)
    try {
      await this.#happen(hook, caseId, request)
    } catch (error) {
      if (!(error instanceof Refusal) || !(await answered(doneBefore(db, request)))) throw error
    }
    return this.#answer(caseId)
  }

  async #happen({ signal }: StoredHook, caseId: string, { caller, key, bodyHash }: RepeatableRequest) {
    const { road, clock } = this.#parts
    await road.happen({
      caseId,
      event: 'signal',
      decide: (loaded, now) =>
        decide(loaded.running.machine, loaded.state, { type: 'signal', by: { kind: 'system' }, signal }, { now }),
      also: (set) =>
        set.requests.push({
          case_id: caseId,
          caller,
          key,
          body_hash: bodyHash.toString('base64'),
          at: clock.now(),
        }),
    })
  }

  async #answer(caseId: string): Promise<{ case: string; stage: string }> {
    const row = (await answered(loadCases(this.#parts.db.pool, [caseId]))).get(caseId)
    if (!row) throw new Refusal('not-found', 'there is no such case')
    return { case: caseId, stage: row.stage }
  }

  /** The processes whose hooks a caller looks after: those whose cases they may move; all of them for who has every role. */
  #reach(by: Caller): readonly string[] | undefined {
    return by.kind === 'staff' && by.person.roles.includes(everyRole) ? undefined : this.#moved(by)
  }

  #moved(by: Caller): readonly string[] {
    return this.#processes(by, (rights) => rights.has('move'))
  }

  #seen(by: Caller): readonly string[] {
    return this.#processes(by, (rights) => rights.size > 0)
  }

  #processes(by: Caller, which: (rights: ReadonlySet<string>) => boolean): readonly string[] {
    const definition = this.#parts.versions.definition()
    const all = by.kind === 'staff' && by.person.roles.includes(everyRole)
    return Object.values(definition.processes)
      .filter((process) => all || which(caseRights(by, process, definition)))
      .map(({ name }) => name)
  }
}

/** Whether some rule, of a stage or of the whole process, has this signal for its trigger. */
function awaits({ rules, stages }: Process, signal: string): boolean {
  const all = [...rules, ...Object.values(stages).flatMap((stage) => stage.rules)]
  return all.some(({ trigger }) => trigger.kind === 'signal' && trigger.signal === signal)
}

/** `{ case: ID or NUMBER, id? }`; what else it says is left alone. */
function readBody(body: string): { named: string; id: string | undefined } {
  const wrong = new Refusal('invalid-body', 'the body must be JSON: `{ "case": ID or NUMBER, "id": … }`')
  const read = parsed(body)
  if (typeof read !== 'object' || read === null || !('case' in read)) throw wrong
  const named = String(read.case)
  const id = 'id' in read && read.id !== null ? read.id : undefined
  if (!isId(named) && !/^\d{1,15}$/.test(named)) throw wrong
  if (id !== undefined && (typeof id !== 'string' || !/^[\x21-\x7e]{1,190}$/.test(id)))
    throw new Refusal('invalid-body', '`id` has 1 to 190 printable characters without spaces')
  return { named, id }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
