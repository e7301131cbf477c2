import { Refusal } from '../../refusal.ts'
import { Attachment } from '../attachment.ts'
import type { Draft } from '../ports.ts'
import type { SentForm } from '../upload-body.ts'
import { casePage, showsOnCase } from './case.ts'
import { draftIn, orderOf } from './letter-draft.ts'
import { type Pages, type StaffVisit, seeOther } from './visit.ts'

/** Letters by hand from a case's page, the drafts that become them, and the files of both directions. */
export function writeLetterPages(pages: Pages): void {
  pages.staffUpload('/cases/:id/letters', write)
  pages.staffUpload('/cases/:id/draft', autosave)
  pages.staff('/cases/:id/letters/:letter/files/:position', async ({ site, by, params, ctx }) => {
    const { id = '', letter = '' } = params
    new Attachment(await site.ports.writing.letterFile(by, id, letter, positionIn(params))).sendTo(ctx)
  })
  pages.staff('/cases/:id/messages/:message/files/:position', async ({ site, by, params, ctx }) => {
    const { id = '', message = '' } = params
    new Attachment(await site.ports.writing.messageFile(by, id, message, positionIn(params))).sendTo(ctx)
  })
  pages.staff('/cases/:id/messages/:message/page', async ({ site, by, params, ctx }) => {
    const { id = '', message = '' } = params
    ctx.body = await site.ports.writing.messagePage(by, id, message)
    ctx.type = 'text/html; charset=utf-8'
    // Only styles of our own making; shown within the case's page, as nobody and without scripts.
    ctx.set(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups",
    )
  })
}

function positionIn({ position = '' }: Readonly<Record<string, string>>): number {
  if (/^\d{1,3}$/.test(position)) return Number(position)
  throw new Refusal('not-found', 'There is no such file.')
}

async function write(visit: StaffVisit, sent: SentForm): Promise<void> {
  const { site, by, params, ctx, words } = visit
  const id = params.id ?? ''
  const { writing } = site.ports
  const desk = await writing.desk(by, id)
  if (desk.because !== undefined) throw new Refusal('not-allowed', desk.because)
  const asked = sent.fields.get('do') ?? 'save'
  if (asked === 'discard') {
    await writing.discardDraft(by, id)
    return seeOther(ctx, `/cases/${id}#write`)
  }
  let draft = draftIn(sent.fields, desk)
  try {
    for (const file of sent.files) draft = { ...draft, files: [...draft.files, await writing.upload(by, id, file)] }
    draft = await changed(visit, draft, asked, sent.fields)
    if (asked === 'send') {
      await writing.send(by, id, orderOf(draft), draft.key)
      return seeOther(ctx, `/cases/${id}#conversation`)
    }
    await writing.keepDraft(by, id, draft)
    seeOther(ctx, `/cases/${id}?${asked === 'preview' ? 'preview' : 'write'}=1#write`)
  } catch (refusal) {
    if (!showsOnCase(refusal)) throw refusal
    await writing.keepDraft(by, id, draft)
    await casePage(visit, { refusal, title: words.letterNotSent, status: 422, draft })
  }
}

/** What a button does to the letter before it is kept. */
async function changed(visit: StaffVisit, draft: Draft, asked: string, form: URLSearchParams): Promise<Draft> {
  const { site, by, params } = visit
  const id = params.id ?? ''
  if (asked === 'new-thread') {
    const { answers: _none, ...rest } = draft
    return rest
  }
  if (asked.startsWith('remove ')) {
    const file = asked.slice('remove '.length)
    await site.ports.writing.removeUpload(by, id, file)
    return { ...draft, files: draft.files.filter((one) => one.id !== file) }
  }
  const name = form.get('template')
  if (asked !== 'insert' || !name) return draft
  const { subject, body, purpose } = await site.ports.writing.template(by, id, name)
  const begun = draft.body.trim() === '' ? body : `${draft.body.trimEnd()}\n\n${body}`
  return { ...draft, subject: draft.subject || subject, body: begun, ...(purpose ? { purpose } : {}) }
}

/** What scripts send while somebody types; answers without a page. */
async function autosave(visit: StaffVisit, sent: SentForm): Promise<void> {
  const { site, by, params, ctx } = visit
  const id = params.id ?? ''
  await site.ports.writing.keepDraft(by, id, draftIn(sent.fields, await site.ports.writing.desk(by, id)))
  ctx.status = 204
}
