import type pg from 'pg'
import type { ApplyParts } from '../cases/apply.ts'
import { ChangeHub } from '../cases/changes.ts'
import { ClientRoad } from '../cases/client-road.ts'
import { createCourier } from '../cases/courier.ts'
import { Numbers } from '../cases/numbers.ts'
import { createPostman } from '../cases/postman.ts'
import { Road, type RoadFigures } from '../cases/road.ts'
import type { Directory } from '../identity/directory.ts'
import type { PortalSessions } from '../identity/index.ts'
import { written } from '../nodes/message.ts'
import { notify } from '../store/notify.ts'
import type { Base } from './base.ts'

export interface Roads {
  readonly road: Road
  readonly clientRoad: ClientRoad
  readonly changes: ChangeHub
  readonly numbers: Numbers
  readonly applying: ApplyParts
}

export function buildRoads(base: Base, directory: Directory, sessions: PortalSessions): Roads {
  const changes = new ChangeHub(base.versions)
  const personName = (id: string) => directory.name(id)
  const postman = createPostman({ ...base, personName })
  const courier = createCourier(base.vault, base.fallback)
  const { decisions, groupSize, groupSeconds } = base.figures
  const figures: RoadFigures = {
    decided: (process, outcome) => decisions.add(process, outcome),
    grouped: (size, seconds) => {
      groupSize.observe(size)
      groupSeconds.observe(seconds)
    },
  }
  const changed = (caseId: string, process: string) => {
    changes.tell(process, caseId)
    base.channel.changed(caseId, process)
  }
  const parts = { ...base, personName, postman, courier, figures, changed }
  const clientRoad = new ClientRoad({
    ...parts,
    announce: (db, clientId) => notify(db, written({ erased: clientId })),
    erased: (clientId) => sessions.forget(clientId),
  })
  const road = new Road({ ...parts, wide: (happening) => clientRoad.happen(happening) })
  const announce = (db: pg.PoolClient, hash: string) => notify(db, written({ definition: hash }))
  return { road, clientRoad, changes, applying: { ...parts, announce }, numbers: new Numbers(base.db) }
}
