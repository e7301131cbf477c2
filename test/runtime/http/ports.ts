import { randomUUID } from 'node:crypto'
import type { Value } from '../../../engine/case.ts'
import type { ConsentStatus } from '../../../engine/definition.ts'
import { parseValue } from '../../../engine/value.ts'
import { receiptOf } from '../../../runtime/consent/receipt.ts'
import { stateOf } from '../../../runtime/consent/state.ts'
import type {
  Caller,
  CaseCard,
  CaseView,
  Change,
  ClientView,
  ConsentRecord,
  ConsentView,
  FieldView,
  IncidentView,
  LetterView,
  MessageView,
  MoveView,
  Notification,
  Person,
  Ports,
} from '../../../runtime/http/ports.ts'
import { Refusal } from '../../../runtime/refusal.ts'
import { shop } from './shop.ts'

interface FakeCase {
  id: string
  number: string
  process: string
  stage: string
  client: string | null
  values: Record<string, Value | null>
  createdAt: string
  enteredAt: string
}

interface FakeClient {
  id: string
  pseudonym: string
  name: string | null
  email: string | null
  phone: string | null
  createdAt: string
  consents: Record<string, ConsentStatus>
  records: ConsentRecord[]
}

export const ewa: Person = { id: randomUUID(), login: 'ewa', name: 'Ewa', roles: ['florist', 'manager'] }
export const password = 'tulips in may'
const time = '2026-05-25T08:00:00.000Z'

/** The ports in memory: enough of a flower shop to test pages and API against, and everything it was asked. */
export function fakePorts() {
  const clients = new Map<string, FakeClient>()
  const cases = new Map<string, FakeCase>()
  const sessions = new Map<string, string>()
  const portalSessions = new Map<string, { clientId: string; csrf: string }>()
  const codes = new Map<string, string>()
  const listeners = new Set<(change: Change) => void>()
  const calls: { name: string; by?: Caller; key?: string | undefined; what?: unknown }[] = []
  const letters: LetterView[] = []
  const messages: MessageView[] = []
  const notifications: Notification[] = []
  const incidents: IncidentView[] = []
  /** Set to fail every call from now on. */
  const state: { fail?: Error } = {}

  const note = (call: (typeof calls)[number]) => {
    calls.push(call)
    if (state.fail) throw state.fail
  }
  const tell = (change: Change) => {
    for (const listener of listeners) listener(change)
  }
  const missing = () => new Refusal('not-found', 'There is nothing with this id, or nothing that you may see.')
  const clientOf = (by: Caller, id: string) => {
    const client = clients.get(id)
    if (!client || (by.kind === 'client' && by.clientId !== id)) throw missing()
    return client
  }
  const caseOf = (by: Caller, id: string) => {
    const found = cases.get(id)
    if (!found || (by.kind === 'client' && by.clientId !== found.client)) throw missing()
    return found
  }

  const consentsOf = (client: FakeClient | undefined): ConsentView[] =>
    Object.values(shop.purposes).map((purpose) => ({
      purpose: purpose.name,
      title: purpose.title,
      text: purpose.text ?? {},
      status: client?.consents[purpose.name] ?? 'none',
      basis: purpose.basis,
      ...(client?.consents[purpose.name] && { at: time, channel: 'portal', version: 1 }),
    }))

  function movesOf(found: FakeCase): MoveView[] {
    const process = shop.processes[found.process]
    return Object.values(process?.stages ?? {})
      .filter((stage) => stage.name !== found.stage)
      .map((stage) => ({ to: stage.name, title: stage.title, ...refusalOf(found, stage.name) }))
  }

  function refusalOf(
    found: FakeCase,
    to: string,
  ): { allowed: boolean; code?: 'case-ended' | 'manual-entry-forbidden' | 'condition-not-met'; because?: string } {
    const process = shop.processes[found.process]
    if (process?.stages[found.stage]?.final)
      return { allowed: false, code: 'case-ended', because: 'this case has ended' }
    if (process?.stages[to]?.manualEntry === 'forbidden')
      return {
        allowed: false,
        code: 'manual-entry-forbidden',
        because:
          '`Arranging` can be entered by a rule alone (order.zgoda:40): it opens when the client answers the letter `ask_consent`',
      }
    if (to === 'delivered' && found.stage === 'waiting')
      return {
        allowed: false,
        code: 'condition-not-met',
        because: 'from `Waiting for the client` no rule leads to `Delivered` (order.zgoda:18)',
      }
    return { allowed: true }
  }

  function fieldsOf(found: FakeCase, by: Caller): FieldView[] {
    const client = found.client ? clients.get(found.client) : undefined
    return Object.values(shop.processes[found.process]?.fields ?? {})
      .filter((field) => field.name !== 'allergy' || client?.consents.allergies === 'given')
      .map((field) => ({
        name: field.name,
        title: field.title,
        type: field.type,
        value: found.values[field.name] ?? null,
        editable:
          by.kind === 'staff' && field.name !== 'paid' && !shop.processes[found.process]?.stages[found.stage]?.final,
        personal: field.personal.length > 0,
        required: field.name === 'price' && found.stage === 'arranging',
      }))
  }

  function viewOf(by: Caller, found: FakeCase): CaseView {
    const process = shop.processes[found.process]
    const stage = process?.stages[found.stage]
    const client = found.client ? clients.get(found.client) : undefined
    if (!process || !stage) throw missing()
    return {
      id: found.id,
      number: found.number,
      process: { name: process.name, title: process.title },
      version: 1,
      stage: { name: stage.name, title: stage.title, final: stage.final },
      client: client ? { id: client.id, label: client.name ?? client.pseudonym } : null,
      fields: fieldsOf(found, by),
      moves: by.kind === 'staff' ? movesOf(found) : [],
      assignee: null,
      parent: null,
      children: [],
      ended: stage.success ? 'success' : stage.final ? 'other' : 'no',
      createdAt: found.createdAt,
      enteredAt: found.enteredAt,
      consents: consentsOf(client),
      scheduled: stage.final
        ? []
        : [{ due: '2026-06-08T08:00:00.000Z', what: 'moves to `Cancelled` (order.zgoda:36)' }],
    }
  }

  const cardOf = (by: Caller, found: FakeCase): CaseCard => {
    const { id, number, client, assignee, ended, createdAt, enteredAt, fields, moves } = viewOf(by, found)
    return {
      id,
      number,
      process: found.process,
      stage: found.stage,
      client,
      assignee,
      ended,
      createdAt,
      enteredAt,
      fields: fields.filter((field) => !field.personal),
      moves,
    }
  }

  function clientView(by: Caller, client: FakeClient): ClientView {
    const { id, pseudonym, name, email, phone, createdAt } = client
    return {
      id,
      label: name ?? pseudonym,
      pseudonym,
      name,
      email,
      phone,
      createdAt,
      language: 'en',
      undelivered: [],
      consents: consentsOf(client),
      cases: [...cases.values()].filter((found) => found.client === id).map((found) => cardOf(by, found)),
      rights: ['see', 'edit', 'erase'],
    }
  }

  function newClient(card: { name?: string | null; email?: string | null; phone?: string | null }): FakeClient {
    const client: FakeClient = {
      id: randomUUID(),
      pseudonym: `Amber Heron ${clients.size + 1}`,
      name: card.name || null,
      email: card.email || null,
      phone: card.phone || null,
      createdAt: time,
      consents: {},
      records: [],
    }
    clients.set(client.id, client)
    return client
  }

  function newCase(process: string, client: string | null, values: Record<string, Value | null> = {}): FakeCase {
    const first = Object.keys(shop.processes[process]?.stages ?? {})[0]
    if (!first) throw new Refusal('not-found', 'There is no such process.')
    const found: FakeCase = {
      id: randomUUID(),
      number: `${process.toUpperCase()}-${cases.size + 1}`,
      process,
      stage: first,
      client,
      values,
      createdAt: time,
      enteredAt: time,
    }
    cases.set(found.id, found)
    return found
  }

  function fill(found: FakeCase, values: Readonly<Record<string, unknown>>): void {
    const next = { ...found.values }
    for (const [name, raw] of Object.entries(values)) {
      const field = shop.processes[found.process]?.fields[name]
      if (!field) throw new Refusal('unknown-field', `This process has no field \`${name}\`.`, { fields: [name] })
      if (raw === null) next[name] = null
      else {
        const parsed = parseValue(field.type, raw)
        if ('problem' in parsed)
          throw new Refusal('invalid-value', `${field.title.en} ${parsed.problem}.`, { fields: [name] })
        next[name] = parsed.value
      }
    }
    found.values = next
  }

  const unused = async () => {
    throw new Error('the pages do not do this')
  }
  const close = (id: string, how: Partial<IncidentView>): IncidentView => {
    const at = incidents.findIndex((incident) => incident.id === id)
    const incident = incidents[at]
    if (!incident) throw missing()
    const closed = { ...incident, closedAt: time, closedBy: ewa.name, mayAct: false, ...how }
    incidents[at] = closed
    return closed
  }

  const ports: Ports = {
    deployment: {
      isDeployToken: () => false,
      running: unused,
      plan: unused,
      apply: unused,
    },
    bulk: { import: unused, move: unused, cases: unused, fields: () => [] },
    inbox: {
      visibleTo: () => true,
      list: async () => ({ items: [] }),
      async message() {
        throw new Refusal('not-found', 'There is no such message.')
      },
      get: unused,
      toCase: unused,
      toClient: unused,
      of: async () => [],
    },
    writing: {
      desk: async () => ({ recipients: [], templates: [], purposes: [], documents: [], writers: [] }),
      send: unused,
      template: unused,
      markup: (markdown) => markdown,
      keepDraft: unused,
      discardDraft: unused,
      drafts: async () => [],
      upload: unused,
      removeUpload: unused,
      letterFile: unused,
      messageFile: unused,
      messagePage: unused,
    },
    incidents: {
      async list(_by, filter) {
        return {
          items: incidents.filter(({ state }) => !filter.state || (state === 'open') === (filter.state === 'open')),
        }
      },
      async retry(by, id) {
        note({ name: 'retry', by, what: id })
        return close(id, { state: 'retried' })
      },
      async skip(by, id, closedBecause) {
        note({ name: 'skip', by, what: { id, closedBecause } })
        return close(id, { state: 'skipped', closedBecause })
      },
    },
    hooks: {
      create: async (by, what) => {
        note({ name: 'create hook', by, what })
        return { id: randomUUID(), token: 'token', secret: 'secret' }
      },
      list: async () => [],
      remove: async () => undefined,
      async receive(token, request) {
        note({ name: 'receive', what: { token, ...request } })
        return { case: randomUUID(), stage: 'waiting' }
      },
    },
    identity: {
      async signIn(login, given, from) {
        note({ name: 'signIn', what: { login, from } })
        if (login !== ewa.login || given !== password)
          throw new Refusal('wrong-credentials', 'This login and password do not belong together. Check both.')
        const token = randomUUID()
        sessions.set(token, `csrf-${token}`)
        return { token, session: { person: ewa, csrf: `csrf-${token}` } }
      },
      async session(token) {
        const csrf = sessions.get(token)
        return csrf ? { person: ewa, csrf } : undefined
      },
      async signOut(token) {
        sessions.delete(token)
      },
    },
    workspace: {
      definition: () => shop,
      previewLetter: () => {
        throw new Refusal('not-allowed', 'letters are shown to those who have every role')
      },
      letters: () => [],
      people: async () => [{ id: ewa.id, name: ewa.name }],
      startFields: (_by, process, consents = {}) =>
        Object.values(shop.processes[process]?.fields ?? {})
          .filter(({ name }) => name !== 'paid' && (name !== 'allergy' || consents.allergies === 'given'))
          .map(({ name, title, type, personal }) => ({
            name,
            title,
            type,
            value: null,
            editable: true,
            personal: personal.length > 0,
            required: false,
          })),
      processes: (by) =>
        Object.values(shop.processes)
          .filter(() => by.kind === 'staff')
          .map(({ name, title, portal, stages }) => ({
            name,
            title,
            version: 1,
            hash: 'abc',
            portal,
            stages: Object.values(stages).map((stage) => ({
              name: stage.name,
              title: stage.title,
              final: stage.final,
            })),
            rights: ['see', 'move', 'edit', 'erase'],
          })),
    },
    cases: {
      async start(by, what, key) {
        note({ name: 'start', by, key, what })
        if (!shop.processes[what.process]) throw new Refusal('not-found', 'There is no such process.')
        const client =
          by.kind === 'client' ? by.clientId : what.client ? clientOf(by, what.client).id : newClient({}).id
        const found = newCase(what.process, client)
        fill(found, what.fields ?? {})
        tell({ caseId: found.id, process: found.process })
        return viewOf(by, found)
      },
      async get(by, id) {
        note({ name: 'get', by })
        return viewOf(by, caseOf(by, id))
      },
      async correspondence(by, id) {
        caseOf(by, id)
        return { letters, messages }
      },
      async message(by, id) {
        caseOf(by, id)
        throw new Refusal('not-found', 'There is no such message.')
      },
      async countMessage(by, id, message, what) {
        note({ name: 'countMessage', by, what: { message, ...what } })
        return viewOf(by, caseOf(by, id))
      },
      async fill(by, id, values) {
        note({ name: 'fill', by, what: values })
        const found = caseOf(by, id)
        fill(found, values)
        tell({ caseId: id, process: found.process })
        return viewOf(by, found)
      },
      async move(by, id, to, key) {
        note({ name: 'move', by, key, what: to })
        const found = caseOf(by, id)
        const { allowed, code, because } = refusalOf(found, to)
        if (!allowed && code && because) throw new Refusal(code, because, { rule: { file: 'order.zgoda', line: 40 } })
        if (!shop.processes[found.process]?.stages[to])
          throw new Refusal('not-declared', `There is no stage \`${to}\`.`)
        found.stage = to
        found.enteredAt = time
        tell({ caseId: id, process: found.process })
        return viewOf(by, found)
      },
      async signal(by, id, signal, key) {
        note({ name: 'signal', by, key, what: signal })
        return viewOf(by, caseOf(by, id))
      },
      async assign(by, id, person, key) {
        note({ name: 'assign', by, key, what: person })
        return viewOf(by, caseOf(by, id))
      },
      async documents(by, id) {
        caseOf(by, id)
        return []
      },
      async document(by, id) {
        caseOf(by, id)
        throw missing()
      },
      async erase(by, id, fields) {
        note({ name: 'erase fields', by, what: fields })
        const found = caseOf(by, id)
        found.values = Object.fromEntries(Object.entries(found.values).filter(([name]) => !fields.includes(name)))
        return viewOf(by, found)
      },
      async history(by, id) {
        caseOf(by, id)
        return {
          items: [
            { seq: 1, at: time, type: 'started', by: 'Ewa', to: 'waiting' },
            { seq: 2, at: time, type: 'letter', by: 'order.zgoda:20', rule: 'order.zgoda:20', letter: 'ask_consent' },
            { seq: 3, at: time, type: 'fill', by: 'Ewa', fields: ['bouquet', 'address'] },
            { seq: 4, at: time, type: 'consent', by: 'client', purpose: 'allergies', decision: 'given' },
            {
              seq: 5,
              at: time,
              type: 'letter skipped',
              by: 'system',
              letter: 'spring',
              because: 'no consent to `offers`',
            },
          ],
        }
      },
      async list(by, filter, page) {
        note({ name: 'list', by, what: { filter, page } })
        const items = [...cases.values()]
          .filter(
            (found) =>
              (!filter.process || found.process === filter.process) && (!filter.stage || found.stage === filter.stage),
          )
          .filter((found) => by.kind === 'staff' || found.client === by.clientId)
          .filter((found) => !filter.client || found.client === filter.client)
          .map((found) => cardOf(by, found))
        const from = page.after ? items.findIndex((item) => item.id === page.after) + 1 : 0
        const shown = items.slice(from, from + (page.limit ?? 50))
        const last = shown.at(-1)
        return { items: shown, ...(last && from + shown.length < items.length && { next: last.id }) }
      },
    },
    holds: {
      list: async () => [],
      place: unused,
      lift: unused,
    },
    retention: {
      visibleTo: () => false,
      goes: async () => ({ items: [], more: false }),
      went: async () => ({ items: [] }),
    },
    clients: {
      async create(by, card, key) {
        note({ name: 'create client', by, key, what: card })
        return clientView(by, newClient(card))
      },
      async get(by, id) {
        note({ name: 'get client', by })
        return clientView(by, clientOf(by, id))
      },
      async update(by, id, card) {
        note({ name: 'update client', by, what: card })
        return clientView(by, Object.assign(clientOf(by, id), card))
      },
      async clearUndelivered(by, id) {
        clientOf(by, id)
      },
      async search(by, query) {
        note({ name: 'search', by })
        const items = [...clients.values()]
          .filter((client) => `${client.name} ${client.pseudonym}`.toLowerCase().includes(query.toLowerCase()))
          .map((client) => ({ id: client.id, label: client.name ?? client.pseudonym, createdAt: client.createdAt }))
        return { items }
      },
      async consents(by, id) {
        return consentsOf(clientOf(by, id))
      },
      async consentRecords(by, id) {
        return clientOf(by, id).records
      },
      async looks(by, id) {
        clientOf(by, id)
        return { items: [{ at: '2026-11-20T10:00:00.000Z', by: 'manager', fields: ['client.name', 'letters'] }] }
      },
      async decide(by, id, what, key) {
        note({ name: 'decide', by, key, what })
        const client = clientOf(by, id)
        const purpose = shop.purposes[what.purpose]
        if (!purpose) throw new Refusal('not-found', 'There is no such purpose.')
        const decision = what.decision === 'invalidated' ? 'withdrawn' : what.decision
        client.consents[what.purpose] = decision
        const record: ConsentRecord = {
          seq: client.records.length + 1,
          purpose: what.purpose,
          decision,
          state: stateOf(decision, { before: 'none' }),
          at: time,
          version: 1,
          channel: by.kind === 'client' ? 'portal' : 'paper',
          text: purpose.text ?? {},
          textHash: 'abc',
          by: by.kind === 'client' ? 'client' : by.person.name,
          ...(what.evidence && { evidence: what.evidence }),
        }
        client.records.push(record)
        return record
      },
      async withdraw(by, id, what, key) {
        note({ name: 'withdraw', by, key, what })
        const client = clientOf(by, id)
        for (const [purpose, status] of Object.entries(client.consents))
          if (status === 'given') client.consents[purpose] = 'withdrawn'
        return []
      },
      async receipt(by, id, { url }) {
        note({ name: 'receipt', by })
        return receiptOf(clientOf(by, id).id, [], { definition: shop, url, language: 'en', now: time })
      },
      async erase(by, id) {
        note({ name: 'erase client', by })
        clientOf(by, id)
        clients.delete(id)
        return { proof: 'c0ffee', at: time, erased: { values: 3, letters: 1 } }
      },
    },
    unsubscribe: {
      read: () => Promise.reject(new Refusal('not-found', 'There is nothing at this address.')),
      withdraw: () => Promise.reject(new Refusal('not-found', 'There is nothing at this address.')),
    },
    portal: {
      async openLink(token) {
        if (!clients.has(token)) throw new Refusal('link-invalid', 'This link does not open anything any more.')
        return { clientId: token }
      },
      async openCode(code) {
        const clientId = codes.get(code)
        if (!clientId) throw new Refusal('wrong-credentials', 'This code is not right.')
        return { clientId }
      },
      async issueCode(by, clientId) {
        clientOf(by, clientId)
        codes.set('abcd-efgh-jkmn', clientId)
        return { code: 'abcd-efgh-jkmn', expiresAt: '2026-06-24T08:00:00.000Z' }
      },
      session: async (token) => portalSessions.get(token),
      async newSession(clientId) {
        const token = randomUUID()
        const session = { clientId, csrf: `csrf-${token}` }
        portalSessions.set(token, session)
        return { token, csrf: session.csrf }
      },
      async endSession(token) {
        portalSessions.delete(token)
      },
      async submit(form) {
        note({ name: 'submit', key: form.key, what: form })
        const client = form.clientId ? clients.get(form.clientId) : newClient({})
        if (!client) throw missing()
        Object.assign(client.consents, form.consents)
        const found = form.caseId
          ? caseOf({ kind: 'client', clientId: client.id }, form.caseId)
          : newCase('order', client.id)
        fill(found, form.values)
        return { clientId: client.id, case: viewOf({ kind: 'client', clientId: client.id }, found) }
      },
    },
    notifications: {
      list: async () => ({ items: notifications }),
      async markRead(_by, id) {
        const at = notifications.findIndex((notification) => notification.id === id)
        const notification = notifications[at]
        if (!notification) throw missing()
        notifications[at] = { ...notification, read: true }
      },
      unread: async () => notifications.filter((notification) => !notification.read).length,
    },
    changes: {
      subscribe(_by, listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    health: { ready: async () => ({ ready: !state.fail, checks: { database: state.fail ? 'away' : 'good' } }) },
  }
  return {
    ports,
    calls,
    clients,
    cases,
    letters,
    messages,
    incidents,
    notifications,
    listeners,
    state,
    newClient,
    newCase,
    tell,
  }
}
