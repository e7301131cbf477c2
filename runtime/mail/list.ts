import { type Header, type Message, value, values } from './parse.ts'
import { seemsReply } from './thread.ts'
import type { Why } from './why.ts'

const listFields = [
  'list-id',
  'list-post',
  'list-unsubscribe',
  'list-subscribe',
  'list-help',
  'list-archive',
  'list-owner',
  'mailing-list',
  'x-mailing-list',
  'x-mailman-version',
  'x-beenthere',
  'x-list-id',
  'x-listname',
  'x-ml-name',
  'x-sympa-to',
  'x-listserver',
  'x-google-group-id',
  'x-campaign',
  'x-campaignid',
  'x-campaign-id',
  'x-mc-user',
  'x-csa-complaints',
  'x-mailer-listid',
  'x-mailinglist',
]

/** RFC 2369, RFC 2919, `Precedence`, the sender that list programs put in, and a newsletter's own words. */
export function listSign(message: Message, lines: readonly string[]): Why | undefined {
  const { headers, inReplyTo } = message
  const field = listFields.find((name) => value(headers, name) !== undefined)
  if (field) return { code: 'listField', name: field }
  // Amazon writes it on answers of people as well, where their domain sends through it.
  if (inReplyTo.length === 0 && value(headers, 'feedback-id') !== undefined)
    return { code: 'listField', name: 'feedback-id' }
  const precedence = /^[a-z-]+/i.exec(value(headers, 'precedence')?.trim() ?? '')?.[0].toLowerCase()
  if (precedence && /^(?:list|bulk|junk)$/.test(precedence)) return { code: 'listPrecedence', name: precedence }
  const through = (['sender', 'errors-to', 'return-path'] as const).find((name) => ofList(headers, name))
  if (through) return { code: 'listField', name: through }
  return !seemsReply(message) && isNewsletter(message, lines) ? { code: 'newsletter' } : undefined
}

/** `owner-flowers@…`, `flowers-bounces@…`, with what list programs put behind. */
function ofList(headers: readonly Header[], name: string): boolean {
  return values(headers, name).some((text) =>
    /^<?(?:owner-[^@]+|[^@\s<]*-(?:bounces?|owner|admin|request|errors)(?:[+=-][^@]*)?|bounces?[+-][^@]+)@/i.test(
      (/<[^<>]*>/.exec(text)?.[0] ?? text).trim(),
    ),
  )
}

const leaving =
  /unsubscribe|opt[- ]out|manage (?:your )?(?:preferences|subscription)|wypis(?:z|ać|anie) się|wypisać się z|zrezygn(?:uj|ować) z (?:subskrypcji|newslettera|otrzymywania)|rezygnacj[aię] z (?:newslettera|subskrypcji)|abbestellen|abmelden vom newsletter|newsletter abmelden|se désabonner|désinscri|darse de baja/i
const browser =
  /view (?:this )?(?:e-?mail|message|newsletter|it) in (?:your |a )?(?:web )?browser|view online|(?:zobacz|wyświetl|otwórz|czytaj) (?:tę |ten )?(?:wiadomość|newsletter|mailing)? ?(?:w przeglądarce|online)|im browser (?:ansehen|anzeigen|öffnen)|(?:voir|afficher) .{0,30}navigateur|you are receiving this|otrzymujesz t[ęe]n? (?:wiadomość|e-?mail|newsletter)|sie erhalten diese/i

const leavingPlace = /https?:\/\/[^\s"'<>]{0,300}(?:unsub|optout|opt-out|wypis|rezygn|abmeld|desinscri|desabonn)/i

/** A link whose words are those for leaving. */
function leavingLink(html: string): boolean {
  return html
    .split(/<a\s/i)
    .slice(1, 500)
    .some((part) => leaving.test(part.slice(part.indexOf('>') + 1, part.indexOf('>') + 200).split(/<\/a>/i)[0] ?? ''))
}

function isNewsletter({ text, html = '' }: Message, lines: readonly string[]): boolean {
  const words = `${text.slice(0, 50_000)}\n${lines.slice(0, 200).join('\n')}`
  if (!leaving.test(words) && !leaving.test(html.slice(0, 200_000))) return false
  const all = `${words}\n${html.slice(0, 200_000)}`
  return browser.test(words) || leavingPlace.test(all) || leavingLink(html.slice(0, 200_000))
}
