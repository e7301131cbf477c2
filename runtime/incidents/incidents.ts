import type { Text } from '../../engine/definition.ts'
import { holderOf } from '../cases/assemble.ts'
import { audienceOf } from '../cases/audience.ts'
import { cardRights, caseRights, everyRole } from '../cases/rights.ts'
import type { Versions } from '../cases/versions.ts'
import type { Clock } from '../clock.ts'
import { idCursor } from '../cursor.ts'
import type { Caller, Incidents, IncidentView, Page } from '../http/ports.ts'
import { isId, newId } from '../ids.ts'
import type { Failure } from '../jobs/failure.ts'
import { Refusal } from '../refusal.ts'
import { loadClient } from '../store/clients.ts'
import { answered, type Database } from '../store/database.ts'
import {
  caseOfJob,
  type IncidentScope,
  listIncidents,
  loadIncident,
  openIncident,
  retryIncident,
  type StoredIncident,
  skipIncident,
} from '../store/incidents.ts'
import type { Holder, Vault } from '../vault/vault.ts'

export interface IncidentParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly clock: Clock
  personName(id: string): string
  /** Who that is sealed for which belongs to no client. */
  fallback(): Holder
  /** Told of each case whose page shows it. */
  changed(caseId: string, process: string): void
}

/** What an incident is about, by the job that failed. */
const kinds: Readonly<Record<string, string>> = { letters: 'letter', messages: 'message' }

const news: Readonly<Record<string, Text>> = {
  letter: {
    en: 'A letter could not be sent: it waits for a person.',
    pl: 'Nie udało się wysłać listu: czeka na decyzję.',
  },
  call: {
    en: 'A call to another system failed: it waits for a person.',
    pl: 'Wywołanie innego systemu nie powiodło się: czeka na decyzję.',
  },
  timer: {
    en: 'What was due by itself failed: it waits for a person.',
    pl: 'Zaplanowane zdarzenie nie powiodło się: czeka na decyzję.',
  },
  start: {
    en: 'A case could not be started: it waits for a person.',
    pl: 'Nie udało się rozpocząć sprawy: czeka na decyzję.',
  },
  message: {
    en: 'A message could not be taken in: it waits for a person.',
    pl: 'Nie udało się przyjąć wiadomości: czeka na decyzję.',
  },
}
const otherNews: Text = {
  en: 'Something failed: it waits for a person.',
  pl: 'Coś się nie powiodło: czeka na decyzję.',
}

const longestPage = 100

/** Incidents: work that failed for good, until a person has it tried again or leaves it. */
export class IncidentService implements Incidents {
  readonly #parts: IncidentParts

  constructor(parts: IncidentParts) {
    this.#parts = parts
  }

  /** Makes a job's last failure an incident, and tells those who may move the case. The same job has one open at most. */
  async open({ job, payload, key, because, tries }: Failure): Promise<void> {
    const { db, versions, clock, changed } = this.#parts
    const kind = kinds[job] ?? job
    const { caseId, key: messageKey } = [payload].flat()[0] as { caseId?: string; key?: string }
    const found = await caseOfJob(db.pool, { caseId, messageKey: kind === 'message' ? messageKey : undefined })
    const running = found && versions.current(found.process)
    await openIncident(db.pool, {
      id: newId(),
      key,
      job,
      payload,
      kind,
      caseId: found?.caseId ?? null,
      caseNumber: found?.number ?? null,
      process: found?.process ?? null,
      because,
      tries,
      at: clock.now(),
      notice: {
        id: newId(),
        audience: running ? audienceOf({ kind: 'movers' }, running, null) : [],
        text: news[kind] ?? otherNews,
      },
    })
    if (found) changed(found.caseId, found.process)
  }

  async list(
    by: Caller,
    filter: { state?: 'open' | 'closed'; caseId?: string },
    page: { after?: string; limit?: number },
  ): Promise<Page<IncidentView>> {
    const limit = Math.min(page.limit ?? 50, longestPage)
    const rows = await answered(
      listIncidents(this.#parts.db.pool, this.#scope(by), filter, { after: idCursor(page.after), limit: limit + 1 }),
    )
    const items = await Promise.all(rows.slice(0, limit).map((row) => this.#view(by, row)))
    return rows.length > limit ? { items, next: items.at(-1)?.id as string } : { items }
  }

  async retry(by: Caller, id: string): Promise<IncidentView> {
    const { db, clock } = this.#parts
    const { incident, person } = await this.#mine(by, id)
    const done = await answered(retryIncident(db.pool, id, { by: person, at: clock.now() }))
    return this.#closed(by, incident, 'retried', done)
  }

  async skip(by: Caller, id: string, because: string): Promise<IncidentView> {
    const { db, vault, clock, fallback } = this.#parts
    const { incident, person } = await this.#mine(by, id)
    const own = await this.#holder(incident)
    const done = await answered(
      skipIncident(db.pool, id, {
        by: person,
        at: clock.now(),
        clientId: own ? incident.clientId : null,
        sealed: vault.sealRecord(own ?? fallback(), wordsPlace(id), { because }),
      }),
    )
    return this.#closed(by, incident, 'skipped', done)
  }

  /** The incident as it stands now. Asked for the same again, it answers alike; for the other way, it refuses. */
  async #closed(
    by: Caller,
    { id, caseId, process }: StoredIncident,
    how: 'retried' | 'skipped',
    done: boolean,
  ): Promise<IncidentView> {
    const now = (await answered(loadIncident(this.#parts.db.pool, id))) as StoredIncident
    if (now.state !== how) throw new Refusal('conflict', `this incident was ${now.state} already: load the list again`)
    if (done && caseId && process) this.#parts.changed(caseId, process)
    return this.#view(by, now)
  }

  /** The incident, where this caller may see it and act on it. */
  async #mine(by: Caller, id: string): Promise<{ incident: StoredIncident; person: string }> {
    const incident = isId(id) ? await answered(loadIncident(this.#parts.db.pool, id)) : undefined
    if (!incident || by.kind !== 'staff' || !this.#sees(by, incident))
      throw new Refusal('not-found', 'there is no incident with this id that you may see')
    if (!this.#acts(by, incident))
      throw new Refusal('not-allowed', 'an incident is for those whose role may move the case it is about')
    return { incident, person: by.person.id }
  }

  #scope(by: Caller): IncidentScope {
    const definition = this.#parts.versions.definition()
    const processes = Object.values(definition.processes)
      .filter((process) => caseRights(by, process, definition).size > 0)
      .map(({ name }) => name)
    return { processes, strays: cardRights(by, definition).has('see'), all: administers(by) }
  }

  #sees(by: Caller, { process, kind, caseId }: StoredIncident): boolean {
    const { processes, strays, all } = this.#scope(by)
    return all || (process !== null && processes.includes(process)) || (strays && kind === 'message' && caseId === null)
  }

  #acts(by: Caller, { process, kind }: StoredIncident): boolean {
    const definition = this.#parts.versions.definition()
    const declared = process === null ? undefined : definition.processes[process]
    if (administers(by)) return true
    if (declared) return caseRights(by, declared, definition).has('move')
    return process === null && kind === 'message' && cardRights(by, definition).has('edit')
  }

  async #view(by: Caller, incident: StoredIncident): Promise<IncidentView> {
    const { id, kind, at, because, tries, state, caseId, caseNumber, process, closedAt, closedBy } = incident
    const words = await this.#words(incident)
    return {
      id,
      kind,
      at,
      because,
      tries,
      state,
      ...(caseId && caseNumber && process ? { case: { id: caseId, number: caseNumber, process } } : {}),
      ...(closedAt ? { closedAt } : {}),
      ...(closedBy ? { closedBy: this.#parts.personName(closedBy) } : {}),
      ...(words ? { closedBecause: words } : {}),
      mayAct: state === 'open' && this.#acts(by, incident),
    }
  }

  async #words(incident: StoredIncident): Promise<string | undefined> {
    const { vault, fallback } = this.#parts
    if (!incident.sealed) return undefined
    const holder = (await this.#holder(incident)) ?? fallback()
    return (vault.openRecord(holder, wordsPlace(incident.id), incident.sealed) as { because: string }).because
  }

  async #holder({ clientId }: StoredIncident): Promise<Holder | undefined> {
    const client = clientId ? await answered(loadClient(this.#parts.db.pool, clientId)) : undefined
    return holderOf(client ?? null, this.#parts.vault)
  }
}

/** Who has every role there is looks after what belongs to no process, too. */
function administers(by: Caller): boolean {
  return by.kind === 'staff' && by.person.roles.includes(everyRole)
}

function wordsPlace(id: string): string {
  return `incident ${id}`
}
