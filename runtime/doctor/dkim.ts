import { createPublicKey } from 'node:crypto'
import type { DkimKey } from '../config.ts'
import { bad, type Finding, good, note } from './finding.ts'

/** The TXT records of a name, each in the pieces that the DNS keeps it in. */
export type ResolveTxt = (name: string) => Promise<string[][]>

/** Whether receivers find the public half of the key that letters are signed with (RFC 6376, section 3.6). */
export async function examineDkim(
  dkim: DkimKey | undefined,
  smtpUrl: string | undefined,
  resolve: ResolveTxt,
): Promise<Finding[]> {
  if (!dkim) {
    const todo = 'see that the mail server signs, or set ZGODA_DKIM_DOMAIN, ZGODA_DKIM_SELECTOR and ZGODA_DKIM_KEY_FILE'
    return smtpUrl ? [note('dkim', 'letters are not signed here', todo)] : []
  }
  const name = `${dkim.selector}._domainkey.${dkim.domain}`
  const wanted = publicPart(dkim)
  const publish = `publish the TXT record \`v=DKIM1; k=rsa; p=${wanted}\` at \`${name}\``
  let records: string[]
  try {
    records = (await resolve(name)).map((pieces) => pieces.join(''))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOTFOUND' || code === 'ENODATA') return [bad('dkim', `there is no record at \`${name}\``, publish)]
    return [note('dkim', `\`${name}\` could not be looked up (${code})`, 'see that this machine reaches a DNS server')]
  }
  const published = records.map(publishedKey).filter((key) => key !== undefined)
  if (published.includes(wanted)) return [good('dkim', `\`${name}\` holds the public half of our key`)]
  return [bad('dkim', `\`${name}\` holds another key than ours`, publish)]
}

function publicPart({ privateKey }: DkimKey): string {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64')
}

function publishedKey(record: string): string | undefined {
  return /(?:^|;)\s*p\s*=([^;]*)/.exec(record)?.[1]?.replace(/\s+/g, '')
}
