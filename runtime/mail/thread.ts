import type { Message } from './parse.ts'

/** Without a reference of ours: a thread's headers, or a subject that answers. */
export function seemsReply({
  inReplyTo,
  references,
  subject,
}: Pick<Message, 'inReplyTo' | 'references' | 'subject'>): boolean {
  if (inReplyTo.length > 0 || references.length > 0) return true
  return /^\s*(?:re|odp|aw|sv|antw|rif|ref|rv|ynt|vs|回复|答复)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]/i.test(subject)
}

/** A subject that says that the letter was passed on (`Fwd:`). */
export function passedOn(subject: string): boolean {
  return /^\s*(?:fwd?|pd|wg|tr|doorst|enc|転送|转发)\s*(?:\[\d+\])?\s*[:：]/i.test(subject)
}
