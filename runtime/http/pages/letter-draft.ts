import type { Desk, Draft, DraftView, LetterOrder, MessageView } from '../ports.ts'

/** What a composer's form says, however unfinished. Files are only those that were brought with the draft before. */
export function draftIn(form: URLSearchParams, desk: Desk): Draft {
  const text = (name: string, most: number) => (form.get(name) ?? '').slice(0, most)
  const to = form.get('to') === 'typed' ? text('address', 320).trim() : text('to', 100)
  const purpose = text('purpose', 100)
  const answers = text('answers', 64)
  const kept = new Map((desk.draft?.files ?? []).map((file) => [file.id, file]))
  const documents = form.getAll('document').flatMap((seq) => (/^[1-9]\d{0,8}$/.test(seq) ? [Number(seq)] : []))
  return {
    subject: text('subject', 250).replace(/\s+/g, ' '),
    body: text('body', 100_000).replaceAll('\r\n', '\n'),
    files: form.getAll('file').flatMap((id) => kept.get(id) ?? []),
    key: /^[\x21-\x7e]{1,200}$/.test(form.get('key') ?? '') ? (form.get('key') as string) : crypto.randomUUID(),
    ...(to ? { to } : {}),
    ...(purpose ? { purpose } : {}),
    ...(answers ? { answers } : {}),
    ...(documents.length > 0 ? { documents } : {}),
  }
}

export function orderOf({ key: _key, files, ...letter }: Draft): LetterOrder {
  return { ...letter, ...(files.length > 0 ? { files: files.map(({ id }) => id) } : {}) }
}

/** A letter begun as the answer to a message: to its sender, in its thread; what was begun already goes on. */
export function answerTo(message: MessageView, { draft, recipients }: Desk): Draft | DraftView {
  if (draft?.answers === message.id) return draft
  const { from = '', subject = '' } = message.content ?? {}
  const held = recipients.find(({ address }) => address?.toLowerCase() === from)
  const to = held?.to ?? (from.includes(',') ? undefined : from)
  return {
    body: '',
    files: [],
    key: crypto.randomUUID(),
    ...draft,
    ...(to ? { to } : {}),
    answers: message.id,
    subject: draft?.subject || (/^\s*(?:re|odp)\s*:/i.test(subject) ? subject : `Re: ${subject}`).slice(0, 250),
  }
}
