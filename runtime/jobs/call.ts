import type { Definition, Webhook } from '../../engine/definition.ts'
import { consentsToReach, hasBasis, inReach } from '../../engine/reach.ts'
import { consentStatuses, holderOf } from '../cases/assemble.ts'
import { callPlace, type KeptCall } from '../cases/courier.ts'
import type { RunningProcess, Versions } from '../cases/versions.ts'
import type { Clock } from '../clock.ts'
import { reasonOf } from '../reasons.ts'
import { type Span, type Spans, within } from '../spans/spans.ts'
import { loadCall, noteCallWaiting, type StoredCall, settleCall } from '../store/calls.ts'
import { type CaseRow, type ClientRow, loadCases } from '../store/cases.ts'
import { loadClient } from '../store/clients.ts'
import type { Database } from '../store/database.ts'
import { leave } from '../store/on-the-way.ts'
import { currentPlace, traceparent } from '../trace.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import { type Answer, CallFailure, post } from '../webhooks/post.ts'
import { signatureOf } from '../webhooks/signature.ts'
import { Failed, Waits } from './failure.ts'
import type { Attempt, Job } from './worker.ts'

/** How the settings let webhooks be called. */
export interface CallSettings {
  /** `host:port` of what lies inside and may be called all the same. */
  readonly allow: ReadonlySet<string>
  /** A secret by the name of its environment variable. */
  secret(name: string): string | undefined
  /** Milliseconds a call may take; ten seconds where absent. */
  readonly patience?: number
}

export interface CallParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly clock: Clock
  readonly spans: Spans
  readonly calls: CallSettings
  /** Who the calls of a case without a client are sealed for. */
  fallback(): Holder
}

/** About fifteen hours: whoever waits for a call wants to know the same day that it was not taken. */
const mostTries = 12
const longestPause = 6 * 60 * 60

/** A call with all that is known of it when it is made. */
interface Calling {
  readonly call: StoredCall
  readonly row: CaseRow
  readonly running: RunningProcess
  readonly client: ClientRow | null
  readonly webhook: Webhook
}

/** Makes one call that waits, under a delivery id that stays the same however often this is tried. */
export function callJob(parts: CallParts): Job {
  return async (payload, attempt) => {
    const { caseId, seq } = payload as { caseId: string; seq: number }
    const call = await loadCall(parts.db.pool, caseId, seq)
    if (call?.status === 'failed') throw new Failed(call.because ?? reasonOf('notTaken'))
    if (call?.status !== 'waiting') return
    const calling = await gather(call, parts)
    const stop = whyNot(calling, parts.versions.definition())
    if (stop) return settle(parts, call, 'skipped', stop)
    if (!(await mayLeave(calling, parts))) throw new Waits('its client is deciding about their consents just now')
    await deliver(calling, attempt, parts)
  }
}

async function gather(call: StoredCall, { db, versions }: CallParts): Promise<Calling> {
  const row = (await loadCases(db.pool, [call.caseId])).get(call.caseId)
  if (!row) throw new Failed(reasonOf('caseGone', { webhook: call.webhook }))
  await versions.ensure([row.definitionHash])
  const running = versions.of(row.definitionHash, row.process)
  // As the workspace has it now: an address that was put right counts for calls that wait, too.
  const webhook = versions.definition().webhooks[call.webhook] ?? running.definition.webhooks[call.webhook]
  if (!webhook) throw new Failed(reasonOf('webhookGone', { webhook: call.webhook }))
  const client = call.clientId ? ((await loadClient(db.pool, call.clientId)) ?? null) : null
  return { call, row, running, webhook, client }
}

/** Between the decision and the call, the client may have been erased or the consent withdrawn (GDPR Art. 7(3)). */
function whyNot({ call, client, webhook }: Calling, definition: Definition): string | undefined {
  if (call.clientId && (!client || client.erasedAt)) return reasonOf('clientErased')
  if (!call.sealed) return reasonOf('callGone')
  if (webhook.purpose && !hasBasis(definition, webhook.purpose, consentStatuses(client, definition)))
    return reasonOf('noConsent', { purpose: webhook.purpose })
  return undefined
}

/** Whether the call may leave now. One that rests on a consent is looked at again where anything was decided meanwhile. */
async function mayLeave({ call, running, client, webhook }: Calling, parts: CallParts): Promise<boolean> {
  const { definition, process } = running
  const byConsent = (name: string) => {
    const field = process.fields[name]
    return field !== undefined && consentsToReach(definition, field) !== undefined
  }
  const purpose = webhook.purpose
  const rests = (purpose && !hasBasis(definition, purpose, {})) || Object.keys(process.fields).some(byConsent)
  if (!client || !rests) return true
  const { caseId, seq } = call
  const seconds = (parts.calls.patience ?? usualPatience) / 1_000 + slack
  const { clientId, consentSeq } = client
  return leave(parts.db.pool, 'calls', { caseId, seq, clientId }, { consentSeq, seconds })
}

const usualPatience = 10_000
/** Seconds until what was written to a connection has left this machine. */
const slack = 5

async function deliver(calling: Calling, attempt: Attempt, parts: CallParts): Promise<void> {
  const { call } = calling
  const outcome = await within(parts.spans, 'POST', { kind: 'client', attributes: told(calling, attempt) }, (span) =>
    posted(calling, parts, span),
  )
  const trouble = troubleOf(outcome)
  if (!trouble) return settle(parts, call, 'done')
  const because = reasonOf('callFailed', { webhook: call.webhook, because: trouble.because })
  if (trouble.final || attempt.tries >= mostTries || attempt.last) {
    await settle(parts, call, 'failed', because)
    throw new Failed(because)
  }
  await noteCallWaiting(parts.db.pool, call, because)
  throw new Waits(because, askedFor(outcome, attempt, parts.clock))
}

async function posted(calling: Calling, parts: CallParts, span: Span): Promise<Answer | CallFailure> {
  const { url } = calling.webhook
  const { allow, patience = usualPatience } = parts.calls
  try {
    const answer = await post({ url, ...written(calling, parts), allow, patience })
    span.set({ 'http.response.status_code': answer.status })
    if (answer.status >= 400) span.failed(String(answer.status))
    return answer
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    span.failed(error.name)
    return error
  }
}

/** Of the address only the server: what follows may hold a token. */
function told({ webhook }: Calling, { tries }: Attempt) {
  const url = URL.parse(webhook.url)
  return {
    'http.request.method': 'POST',
    ...(tries > 1 && { 'http.request.resend_count': tries - 1 }),
    ...(url && {
      'server.address': url.hostname,
      'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    }),
    'zgoda.webhook': webhook.name,
  }
}

/** The request as it goes out: the values that are in reach now, of those the case had at the action. */
function written(calling: Calling, { vault, clock, calls, fallback }: CallParts) {
  const { call, row, running, client, webhook } = calling
  const { caseId, seq } = call
  const holder = holderOf(client, vault) ?? fallback()
  const kept = vault.openRecord(holder, callPlace(caseId, seq), call.sealed as Buffer) as KeptCall
  const consents = consentStatuses(client, running.definition)
  const fields = Object.entries(kept.fields).filter(([name]) => {
    const field = running.process.fields[name]
    return field !== undefined && inReach(running.definition, field, consents)
  })
  const id = `${caseId}.${seq}`
  const body = JSON.stringify({
    id,
    event: 'call',
    webhook: call.webhook,
    case: { id: caseId, number: kept.number, process: row.process, stage: kept.stage },
    at: kept.at,
    fields: Object.fromEntries(fields),
  })
  const at = currentPlace()
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Zgoda',
    'idempotency-key': id,
    'zgoda-delivery': id,
    ...(at && { traceparent: traceparent(at) }),
    ...(webhook.secret && {
      'zgoda-signature': signatureOf(body, secretOf(webhook.secret, calls), new Date(clock.now())),
    }),
  }
  return { headers, body }
}

/** Unset only where an old version of the workspace names it: the start asks for those of the present one. */
function secretOf(name: string, calls: CallSettings): string {
  const secret = calls.secret(name)
  if (secret) return secret
  throw new Failed(reasonOf('secretUnset', { name }))
}

/** What stands in the way; nothing where the call was taken. */
function troubleOf(outcome: Answer | CallFailure): { readonly because: string; readonly final: boolean } | undefined {
  if (outcome instanceof CallFailure) return { because: outcome.message, final: outcome.final }
  const { status } = outcome
  if (status >= 200 && status < 300) return undefined
  if (status >= 300 && status < 400) return { because: reasonOf('redirected', { status }), final: true }
  const passing = status >= 500 || status === 408 || status === 429
  return { because: reasonOf('answered', { status }), final: !passing }
}

/** What `Retry-After` asks for, where that is longer than the queue would wait and not too long; RFC 9110 §10.2.3. */
function askedFor(outcome: Answer | CallFailure, { tries }: Attempt, clock: Clock): Date | undefined {
  const asked = outcome instanceof CallFailure ? undefined : outcome.retryAfter
  if (!asked) return undefined
  const now = Date.parse(clock.now())
  const seconds = /^\d{1,9}$/.test(asked) ? Number(asked) : (Date.parse(asked) - now) / 1000
  if (!(seconds > Math.exp(Math.min(tries, 10)))) return undefined
  return new Date(now + Math.min(seconds, longestPause) * 1000)
}

function settle(
  { db, clock }: CallParts,
  call: StoredCall,
  status: 'done' | 'skipped' | 'failed',
  because?: string,
): Promise<void> {
  return settleCall(db.pool, call, { status, at: clock.now(), ...(because ? { because } : {}) })
}
