import { domainOf } from './address.ts'

export interface Arrival {
  /** The name this intake signs its results with (RFC 8601 §2.5). */
  readonly authserv: string
  /** The envelope's sender; empty for the null return path. */
  readonly sender: string
  readonly recipient: string
  /** Whether the sandbox's own mailbox pages handed it in, so that it does come from its sender. */
  readonly fromPages: boolean
  /** RFC 3339. */
  readonly at: string
}

/** Names of header fields that only the server which takes a letter in may write. */
const ownFields = new Set(['authentication-results', 'return-path', 'delivered-to'])

/**
 * A letter as it is put into a mailbox: every incoming Authentication-Results is gone, and this server's own stands on
 * top, `pass` only for what the mailbox pages sent. Line ends become CRLF first, so that no reader sees other fields than
 * are seen here.
 */
export function takeIn(raw: Buffer, arrival: Arrival): Buffer {
  const text = raw.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n')
  const end = text.startsWith('\r\n') ? 0 : text.indexOf('\r\n\r\n')
  const header = end === -1 ? text : text.slice(0, end)
  const rest = end === -1 ? '\r\n' : text.slice(end === 0 ? 0 : end + 2)
  const kept = headerFields(header).filter((field) => !ownFields.has(fieldName(field)))
  return Buffer.from([...ownHeader(arrival), ...kept].map((field) => `${field}\r\n`).join('') + rest, 'latin1')
}

/** Fields with their folded lines. Lines before the first field would fold into ours, and are dropped. */
function headerFields(header: string): readonly string[] {
  const fields: string[] = []
  for (const line of header.split('\r\n')) {
    // Readers differ in what white space folds a line; any that some reader takes for folding counts here.
    if (!/^\s/.test(line)) fields.push(line)
    else if (fields.length > 0) fields.push(`${fields.pop()}\r\n${line}`)
  }
  return fields.filter((field) => field !== '')
}

function fieldName(field: string): string {
  const name = field.slice(0, Math.max(0, field.indexOf(':')))
  return name.replace(/[^!-~]/g, '').toLowerCase()
}

function ownHeader({ authserv, sender, recipient, fromPages, at }: Arrival): readonly string[] {
  const domain = sender ? domainOf(sender) : 'none.invalid'
  const results = fromPages
    ? `dkim=pass header.d=${domain} header.i=@${domain};\r\n spf=pass smtp.mailfrom=${sender};\r\n dmarc=pass header.from=${domain}`
    : 'dkim=none;\r\n spf=none'
  const time = `${new Date(at).toUTCString().replace('GMT', '+0000')}`
  return [
    `Return-Path: <${sender}>`,
    `Delivered-To: ${recipient}`,
    `Authentication-Results: ${authserv};\r\n ${results}`,
    `Received: by ${authserv} with ESMTP for <${recipient}>;\r\n ${time}`,
  ]
}
