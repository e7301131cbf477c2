import type { Incoming } from '../mail/parse.ts'
import { Refusal } from '../refusal.ts'

/** The links of a client's own in our letters: into the portal (`/portal/l/…`), and out of a purpose (`/portal/u/…`). */
const links = /((?:\/|%2f)portal(?:\/|%2f)[lu](?:\/|%2f))[\w-]+/gi

/**
 * A letter's links act in its client's name, and an answer quotes them. Nobody who works here is to come in by one, to say what
 * the client has not said.
 */
export function withoutClientLinks(text: string): string {
  return text.replace(links, '$1…')
}

/** Refuses bytes that may hold such a link to whom could not end all the client has here anyway. */
export function checkClientLinks(mayErase: boolean, incoming: Incoming): void {
  if (mayErase || !mayHoldLink(incoming)) return
  const because =
    'this message quotes a link that lets its bearer act as the client: those whose role may erase here may open it as it came'
  throw new Refusal('not-allowed', because)
}

/** What can't be read, and a letter within the letter, may hold one wherever it likes. */
function mayHoldLink(incoming: Incoming): boolean {
  if (incoming.malformed) return true
  const { text, html = '', attachments } = incoming
  const parts = attachments.map(({ type, content }) => (type.startsWith('message/') ? undefined : content))
  if (parts.includes(undefined)) return true
  return [text, html, ...parts.map((part) => part?.toString('latin1') ?? '')].some(
    (part) => withoutClientLinks(part) !== part,
  )
}
