import { type Message, value, values } from './parse.ts'
import type { Why } from './why.ts'

/** Why a message is a mail server's word on a letter that did not arrive, or on a complaint; nothing where it is not. */
export function bounceSign(message: Message): Why | undefined {
  const { headers } = message
  if (message.attachments.some((file) => reportParts.has(file.type))) return { code: 'deliveryReport' }
  if (message.contentType === 'multipart/report') {
    const receipt = /disposition-notification/i.test(value(headers, 'content-type') ?? '')
    return receipt ? undefined : { code: 'serverReport' }
  }
  if (value(headers, 'x-failed-recipients') !== undefined) return undelivered
  if (value(headers, 'x-mlserver') !== undefined && refusedByList.test(message.subject)) return { code: 'listRefused' }
  if (/"(?:notificationType|eventType)"\s*:\s*"(?:Bounce|Complaint)"/.test(message.text.slice(0, 2000)))
    return undelivered
  const subject = failedSubject.test(message.subject)
  const server = fromServer(message)
  if (server && message.text.trim() === '') return { code: 'silentServer' }
  if (subject && (server || nullReturnPath(message) || message.from.length === 0)) return undelivered
  if ((server || nullReturnPath(message) || fromNobody(message)) && saysFailed(message)) return undelivered
  return undefined
}

const undelivered: Why = { code: 'undelivered' }

const reportParts = new Set(['message/delivery-status', 'message/global-delivery-status', 'message/feedback-report'])

const refusedByList =
  /not (?:a )?member|loop alert|duplicated message-id|error|reject|ignored|illegal|restrict|refused/i

const servers =
  /^(?:mailer[-_.]?daemon|post[-_.]?master|mail[-_.]?delivery(?:[-_.]?(?:subsystem|system))?|mdaemon|mail-daemon|bounces?|null|double-bounce|abuse-report|feedbackloop|fbl|complaints)(?:[+.=-].*)?$/
const serverNames =
  /mail(?:er)?[-_ ]?(?:daemon|delivery)|delivery (?:subsystem|system|status)|post[-_]?master|(?:system|mail|network) administrator/i

function fromServer(message: Message): boolean {
  const named = [...values(message.headers, 'from'), ...values(message.headers, 'sender')]
  if (named.some((text) => serverNames.test(text.replace(/<[^<>]*>/g, '').replace(/\S+@\S+/g, '')))) return true
  const addresses = [...message.from.map(({ address }) => address), ...values(message.headers, 'sender').map(bare)]
  return addresses.some((address) => servers.test(address.split('@')[0] ?? ''))
}

/** `no-reply@…` alone does not make a bounce. */
function fromNobody({ from }: Message): boolean {
  return from.length === 0 || from.some(({ address }) => /^(?:no|do-?not)[-_.]?reply/.test(address))
}

const failedSubject =
  /undeliver|returned (?:mail|to sender)|delivery (?:status|fail|notification|report|problem|delay|has failed|error)|fail(?:ed|ure) (?:notice|delivery|to deliver|of delivery)|(?:mail|message) (?:delivery|failure|status|could not be|system error|not delivered|rejected|returned)|could not (?:be )?(?:send|sent|deliver)|not (?:be )?delivered|non-?deliver|error (?:sending|delivering) your mail|warning: (?:message|could not)|user unknown|mail(?:box)? (?:full|error)|niedostarcz|nie dostarczon|zwrot (?:poczty|wiadomości)|nie można dostarczyć|błąd (?:dostarczenia|doręczenia)|unzustellbar|nicht zugestellt|zustell\w* (?:fehlgeschlagen|nicht möglich)|zustellung(?:sfehler| fehlgeschlagen)|non remis|non distribué|échec de (?:la )?(?:remise|livraison|distribution)|no se (?:pudo|ha podido) entregar|mancato recapito|(?:abuse|feedback|complaint) report|email feedback/i

const failedWords =
  /could not (?:be )?deliver|undeliver|not (?:be )?deliver|unable to deliver|trouble delivering|error delivering|delivery (?:to|has|of) .{0,80}fail|user unknown|no such user|invalid user address|mailbox (?:is )?full|malformed (?:recipient )?address|\b[45]\.\d\.\d{1,3}\b|^\W{0,4}(?:4[2-5]\d|5[0-5]\d)[ -]|nie (?:została |można )?dostarcz|nicht zugestellt werden|konnte nicht (?:zugestellt|übermittelt)|n['’]a pas pu être (?:remis|distribu|délivr|livr)|no (?:se )?(?:pudo|ha podido) (?:ser )?entreg|non (?:è stato possibile|ha potuto) recapit/i

function saysFailed(message: Message): boolean {
  return message.text
    .slice(0, 20_000)
    .split('\n', 80)
    .some((line) => failedWords.test(line.slice(0, 500)))
}

export function nullReturnPath({ headers }: Pick<Message, 'headers'>): boolean {
  return value(headers, 'return-path')?.replace(/\s/g, '') === '<>'
}

function bare(text: string): string {
  return (/<([^<>]*)>/.exec(text)?.[1] ?? text).trim().toLowerCase()
}
