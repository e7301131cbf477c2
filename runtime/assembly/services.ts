import { createBulk } from '../bulk/index.ts'
import { CaseService } from '../cases/cases.ts'
import { InboxService } from '../cases/inbox.ts'
import { cardRights, noSuchClient } from '../cases/rights.ts'
import { peopleFor, type Staff } from '../cases/staff.ts'
import { startFields } from '../cases/start-fields.ts'
import type { Versions } from '../cases/versions.ts'
import { ClientService } from '../clients/clients.ts'
import type { Clock } from '../clock.ts'
import type { Ports } from '../http/ports.ts'
import { announced } from '../identity/announced.ts'
import type { Directory } from '../identity/directory.ts'
import { type IdentityStore, type People, PortalSessions } from '../identity/index.ts'
import { IncidentService } from '../incidents/incidents.ts'
import { NotificationService } from '../notices/notifications.ts'
import { createPortal } from '../portal/portal.ts'
import { HoldService } from '../retention/holds.ts'
import { RetentionPreview } from '../retention/preview.ts'
import { loadClient } from '../store/clients.ts'
import { identityStore } from '../store/people.ts'
import { HookService } from '../webhooks/hooks.ts'
import type { Base } from './base.ts'
import type { Roads } from './roads.ts'

/** People and sessions, as all nodes have them together. */
export function sharedStore({ db, vault, channel }: Base): IdentityStore {
  const kept = identityStore(db.knex, (key) => vault.master.lookup('failed try', key))
  return announced(kept, (changedOf) => channel.tell({ changedOf }))
}

/** How clients come in. A code is handed out for a client who is there, by one who may see their card. */
export function portalSessions({ db, vault, versions, clock }: Base, store: IdentityStore): PortalSessions {
  const clientExists = async (id: string) => (await loadClient(db.pool, id))?.erasedAt === null
  return new PortalSessions({
    store,
    clock,
    linkKey: vault.master.links,
    clientExists,
    mayIssueCode: async (by, id) => {
      if (!cardRights(by, versions.definition()).has('see') || !(await clientExists(id))) throw noSuchClient()
    },
  })
}

export function buildServices(
  base: Base,
  { road, clientRoad, changes, numbers, applying }: Roads,
  people: People,
  store: IdentityStore,
  directory: Directory,
  sessions: PortalSessions,
): Omit<Ports, 'health' | 'deployment' | 'metrics'> & { readonly incidents: IncidentService } {
  const { db, versions, clock } = base
  const personName = (id: string) => directory.name(id)
  const cases = new CaseService({ ...base, numbers, road, staff: directory, personName })
  const clients = new ClientService({ ...base, road: clientRoad, cases, personName })
  return {
    identity: people,
    workspace: workspaceOf(versions, directory, clock),
    cases,
    bulk: createBulk({ ...base, cases }),
    clients,
    holds: new HoldService({ ...base, personName }),
    retention: new RetentionPreview(base),
    portal: createPortal({ sessions, cases, road, versions }),
    notifications: new NotificationService(db, versions),
    inbox: new InboxService(base),
    incidents: new IncidentService({ ...base, personName, changed: applying.changed }),
    hooks: new HookService({ ...base, store, road, personName }),
    changes,
  }
}

function workspaceOf(versions: Versions, staff: Staff, clock: Clock): Ports['workspace'] {
  return {
    definition: () => versions.definition(),
    people: async (by, process) =>
      by.kind === 'client'
        ? []
        : peopleFor(
            staff,
            versions.definition(),
            process === undefined ? undefined : versions.current(process)?.process,
          ),
    processes: (by) => versions.processes(by),
    startFields: (by, process, consents = {}) => startFields(versions, by, process, consents, clock.now()),
  }
}
