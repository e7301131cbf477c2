import type { Evidence } from '../../engine/case.ts'
import type { Definition } from '../../engine/definition.ts'
import { inLanguage } from '../../engine/text.ts'
import { holderOf } from '../cases/assemble.ts'
import type { Versions } from '../cases/versions.ts'
import { purposesAskedBy } from '../consent/asking.ts'
import { noticeOf } from '../consent/notice.ts'
import {
  type ConsentReceipt,
  type Happened,
  type ReceiptNotice,
  receiptOf,
  typeOf,
  validityOf,
} from '../consent/receipt.ts'
import { evidencePlace } from '../consent/record.ts'
import type { ClientRow } from '../store/cases.ts'
import { type ConsentRow, loadConsents } from '../store/clients.ts'
import { loadSentLetters, type SentLetter } from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import type { Vault } from '../vault/vault.ts'

export interface ReceiptParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
}

/** All that became of a client's consents, with letters that asked for one, as a receipt; `purpose` names one of them. */
export async function receiptFor(
  client: ClientRow,
  { db, vault, versions }: ReceiptParts,
  wish: { readonly purpose?: string | undefined; readonly url: string; readonly now: string },
): Promise<ConsentReceipt> {
  const { clientId } = client
  const sent = await loadSentLetters(db.pool, clientId)
  await versions.ensure(sent.map(({ definitionHash }) => definitionHash))
  const definition = versions.definition()
  const asked = sent.flatMap((letter) =>
    requestsOf(letter, versions.of(letter.definitionHash, letter.process).definition, client),
  )
  const decided = (await loadConsents(db.pool, clientId)).map((row) => decisionOf(row, client, vault, definition))
  const happened = [...asked, ...decided]
    .filter(({ purpose }) => wish.purpose === undefined || purpose === wish.purpose)
    .sort((a, b) => (a.event.event_time < b.event.event_time ? -1 : 1))
  return receiptOf(clientId, happened, { definition, url: wish.url, language: client.language, now: wish.now })
}

/** The evidence of a record; undefined where it is not held. */
export function evidenceOf(row: ConsentRow, client: ClientRow, vault: Vault): Evidence | undefined {
  const holder = row.evidence && holderOf(client, vault)
  return holder && row.evidence
    ? (vault.openRecord(holder, evidencePlace(row.seq), row.evidence) as Evidence)
    : undefined
}

function decisionOf(row: ConsentRow, client: ClientRow, vault: Vault, definition: Definition): Happened {
  const { noticed } = row
  const notice: ReceiptNotice | undefined = noticed && {
    notice_id: noticed.hash,
    purpose_version: noticed.notice.version,
    edition: noticed.edition ?? 1,
    language: noticed.notice.language,
    content: noticed.notice,
  }
  const evidence = evidenceOf(row, client, vault)
  const theirs = row.state !== 'ConsentExpired' && row.state !== 'ConsentInvalidated' && row.state !== 'ConsentRevoked'
  return {
    purpose: row.purpose,
    event: {
      event_time: row.at,
      event_type: typeOf(definition, row.purpose, noticed?.notice),
      event_state: row.state,
      event_method: row.channel,
      validity_duration: validityOf(row.state, noticed?.notice),
      entity_id: theirs ? client.clientId : 'controller',
      recorded_by: row.actor.startsWith('staff:') ? 'staff' : row.actor === 'client' ? 'client' : 'system',
      purpose_version: row.purposeVersion,
      ...(noticed && { notice_id: noticed.hash }),
      text_sha256: row.shownHash,
      ...(evidence && { evidence }),
    },
    ...(notice && { notice }),
  }
}

/** The purposes whose consent the rules take from an answer to this letter. */
function requestsOf({ letter, sentAt, process }: SentLetter, definition: Definition, client: ClientRow): Happened[] {
  const declared = definition.processes[process]
  return (declared ? purposesAskedBy(letter, declared) : []).map((purpose): Happened => {
    const notice = noticeOf(definition, purpose, client.language)?.notice
    return {
      purpose,
      event: {
        event_time: sentAt,
        event_type: typeOf(definition, purpose, notice),
        event_state: 'ConsentRequested',
        event_method: `letter “${inLanguage(definition.letters[letter]?.subject ?? {}, 'en')}”`,
        validity_duration: validityOf('ConsentRequested', notice),
        entity_id: 'controller',
        recorded_by: 'system',
        purpose_version: notice?.version ?? 1,
      },
    }
  })
}
