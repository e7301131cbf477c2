import { Notary } from '../audit/notary.ts'
import { Followers } from '../cases/followers.ts'
import { type Arrived, takeIn } from '../cases/intake.ts'
import type { IdentityStore } from '../identity/index.ts'
import type { IncidentService } from '../incidents/incidents.ts'
import { callJob } from '../jobs/call.ts'
import { documentJob } from '../jobs/document.ts'
import { endedJob } from '../jobs/ended.ts'
import type { Failure } from '../jobs/failure.ts'
import { lettersJob } from '../jobs/letter.ts'
import { messageJob, messagesJob } from '../jobs/message.ts'
import { retentionJob } from '../jobs/retention.ts'
import { startJob } from '../jobs/start.ts'
import { stragglersJob } from '../jobs/stragglers.ts'
import { tidyJob } from '../jobs/tidy.ts'
import { timerJob } from '../jobs/timer.ts'
import { inside, type Job, outside, type Room, startWorker } from '../jobs/worker.ts'
import type { AuthenticateOptions } from '../mail/authenticate.ts'
import { startLmtp } from '../mail/lmtp.ts'
import { createReceiver, type Receiver } from '../mail/receive.ts'
import { createSender } from '../mail/send.ts'
import { counted } from '../metrics/job-figures.ts'
import { Turn } from '../nodes/turn.ts'
import type { MailEnds } from '../readiness.ts'
import { spanned } from '../spans/job-spans.ts'
import { within } from '../spans/spans.ts'
import { loadMailboxCursor, saveMailboxCursor } from '../store/correspondence.ts'
import type { Base } from './base.ts'
import { noCalls, type ServerOptions } from './options.ts'
import type { Roads } from './roads.ts'

/** As Postfix does by default (`maximal_queue_lifetime`). */
const fiveDays = 5 * 24 * 60 * 60_000

/** Sends letters, calls webhooks, fires timers, starts cases, renders documents, reads the mailbox. */
export async function runJobs(
  base: Base,
  { road, numbers, applying }: Roads,
  incidents: IncidentService,
  store: IdentityStore,
  { mail, calls = noCalls }: ServerOptions,
  url: string,
  started: (() => Promise<void>)[],
): Promise<MailEnds> {
  const sender = mail?.smtpUrl
    ? createSender({
        smtpUrl: mail.smtpUrl,
        from: mail.from,
        ...(mail.connections ? { connections: mail.connections } : {}),
        ...(mail.dkim ? { dkim: mail.dkim } : {}),
      })
    : undefined
  const greeted = sender?.verify().then((answer) => {
    if (!answer.ok) base.log.warn({ because: answer.because }, 'letters do not go out yet')
  })
  started.push(async () => {
    await greeted
    sender?.close()
  })
  const followers = new Followers(base.db, applying.changed)
  const work = async (of: Readonly<Record<string, Job>>, room: Room) => {
    const gaveUp = (failure: Failure) => incidents.open(failure)
    const worker = await startWorker(base.db, counted(spanned(of, base.spans), base.figures), base.log, gaveUp, room)
    started.push(() => worker.stop())
  }
  const letters = lettersJob({
    ...base,
    sender,
    changed: applying.changed,
    url,
    rate: mail?.rate,
    keepTrying: mail?.keepTrying ?? fiveDays,
    plus: mail?.plus ?? 'replies',
    settled: (status, caseId) => {
      base.figures.letters.add(status)
      followers.tell(caseId)
    },
  })
  const judging = {
    ...base,
    road,
    changed: applying.changed,
    checks: checksOf(mail),
    judged: (kind: string, caseId: string | null) => {
      base.figures.messages.add(kind)
      if (caseId !== null) followers.tell(caseId)
    },
  }
  const jobs = {
    timer: timerJob(road),
    start: startJob({ ...base, road, numbers }),
    ended: endedJob(base.db, road),
    document: documentJob(base),
    message: messageJob(judging),
    messages: messagesJob(judging),
    tidy: tidyJob(store, base.db, base.clock),
    retention: retentionJob({ ...base, road }),
    stragglers: stragglersJob({ ...base, ...applying }),
  }
  // A mail server or a webhook that hangs holds up what waits for it, and nothing else.
  await work(jobs, inside)
  await work({ letters }, outside)
  await work({ call: callJob({ ...base, calls }) }, outside)
  const notary = new Notary({ ...base, master: base.vault.master })
  const chaining = new Turn(base.db, 'writing of the audit trail', base.log, notary)
  started.push(() => chaining.stop())
  chaining.start()
  const ends = sender ? { sender } : {}
  if (mail?.lmtpPort !== undefined) await takeHandedIn(mail.lmtpPort, base, started)
  if (!mail?.imapUrl) return ends
  const receiver = receive(mail.imapUrl, mail, base)
  const turn = new Turn(base.db, `reading of ${mail.imapMailbox}`, base.log, receiver)
  started.push(() => turn.stop())
  turn.start()
  return { ...ends, mailbox: { ours: () => turn.ours, status: () => receiver.status() } }
}

function spannedIntake(base: Base, messages: readonly Arrived[]): Promise<void> {
  return within(base.spans, 'receive message', { kind: 'consumer', attributes: received, parent: null }, () =>
    takeIn(messages, base),
  )
}

const received = {
  'messaging.system': 'imap',
  'messaging.operation.type': 'receive',
  'messaging.operation.name': 'receive',
}

function checksOf(mail: ServerOptions['mail']): AuthenticateOptions {
  return {
    ...(mail?.trustedAuthserv ? { trustedAuthserv: mail.trustedAuthserv } : {}),
    ...(mail?.trustedForwarders ? { trustedForwarders: mail.trustedForwarders } : {}),
    ...(mail?.resolver ? { resolver: mail.resolver } : {}),
  }
}

async function takeHandedIn(port: number, base: Base, started: (() => Promise<void>)[]): Promise<void> {
  const take = (raw: Buffer) => takeIn([{ raw, uidValidity: null, uid: null }], base)
  const lmtp = await startLmtp({ port, take, log: base.log })
  started.push(() => lmtp.stop())
}

function receive(imapUrl: string, mail: NonNullable<ServerOptions['mail']>, base: Base): Receiver {
  const { pool } = base.db
  const { imapMailbox: mailbox, imapTokenCommand, imapDoneMailbox } = mail
  return createReceiver({
    imapUrl,
    mailbox,
    ...(imapTokenCommand ? { tokenCommand: imapTokenCommand } : {}),
    ...(imapDoneMailbox ? { doneMailbox: imapDoneMailbox } : {}),
    cursor: {
      load: async () => {
        const cursor = await loadMailboxCursor(pool, mailbox)
        return cursor && { uidValidity: cursor.uidValidity, uid: cursor.lastUid }
      },
      save: ({ uidValidity, uid }) => saveMailboxCursor(pool, mailbox, { uidValidity, lastUid: uid }),
    },
    take: (message) => spannedIntake(base, [message]),
    takeAll: (messages) => spannedIntake(base, messages),
    log: base.log,
  })
}
