import { takeIn } from '../cases/intake.ts'
import type { IdentityStore } from '../identity/index.ts'
import type { IncidentService } from '../incidents/incidents.ts'
import { callJob } from '../jobs/call.ts'
import { documentJob } from '../jobs/document.ts'
import { endedJob } from '../jobs/ended.ts'
import { lettersJob } from '../jobs/letter.ts'
import { messageJob, messagesJob } from '../jobs/message.ts'
import { startJob } from '../jobs/start.ts'
import { stragglersJob } from '../jobs/stragglers.ts'
import { tidyJob } from '../jobs/tidy.ts'
import { timerJob } from '../jobs/timer.ts'
import { startWorker } from '../jobs/worker.ts'
import { createReceiver, type Receiver } from '../mail/receive.ts'
import { createSender } from '../mail/send.ts'
import { counted } from '../metrics/job-figures.ts'
import { Turn } from '../nodes/turn.ts'
import type { MailEnds } from '../readiness.ts'
import { loadMailboxCursor, saveMailboxCursor } from '../store/correspondence.ts'
import type { Base } from './base.ts'
import { noCalls, type ServerOptions } from './options.ts'
import type { Roads } from './roads.ts'

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
    ? createSender({ smtpUrl: mail.smtpUrl, from: mail.from, ...(mail.dkim ? { dkim: mail.dkim } : {}) })
    : undefined
  const greeted = sender?.verify().then((answer) => {
    if (!answer.ok) base.log.warn({ because: answer.because }, 'letters do not go out yet')
  })
  started.push(async () => {
    await greeted
    sender?.close()
  })
  const judging = {
    ...base,
    road,
    trustedAuthserv: mail?.trustedAuthserv,
    resolver: mail?.resolver,
    judged: (kind: string) => base.figures.messages.add(kind),
  }
  const jobs = {
    letters: lettersJob({ ...base, sender, url, settled: (status) => base.figures.letters.add(status) }),
    call: callJob({ ...base, calls }),
    timer: timerJob(road),
    start: startJob({ ...base, road, numbers }),
    ended: endedJob(base.db, road),
    document: documentJob(base),
    message: messageJob(judging),
    messages: messagesJob(judging),
    tidy: tidyJob(store, base.db, base.clock),
    stragglers: stragglersJob({ ...base, ...applying }),
  }
  const worker = await startWorker(base.db, counted(jobs, base.figures), base.log, (failure) => incidents.open(failure))
  started.push(() => worker.stop())
  const ends = sender ? { sender } : {}
  if (!mail?.imapUrl) return ends
  const receiver = receive(mail.imapUrl, mail.imapMailbox, base)
  const turn = new Turn(base.db, `reading of ${mail.imapMailbox}`, base.log, receiver)
  started.push(() => turn.stop())
  turn.start()
  return { ...ends, mailbox: { ours: () => turn.ours, status: () => receiver.status() } }
}

function receive(imapUrl: string, mailbox: string, base: Base): Receiver {
  const { pool } = base.db
  return createReceiver({
    imapUrl,
    mailbox,
    cursor: {
      load: async () => {
        const cursor = await loadMailboxCursor(pool, mailbox)
        return cursor && { uidValidity: cursor.uidValidity, uid: cursor.lastUid }
      },
      save: ({ uidValidity, uid }) => saveMailboxCursor(pool, mailbox, { uidValidity, lastUid: uid }),
    },
    take: (message) => takeIn([message], base),
    takeAll: (messages) => takeIn(messages, base),
    log: base.log,
  })
}
