import type { Definition } from '../../engine/definition.ts'
import { own } from '../../engine/named.ts'
import { restsOnConsent } from '../../engine/reach.ts'
import type { KeptLetter } from '../cases/postman.ts'
import { portalLink } from '../identity/portal-link.ts'
import { unsubscribeLink } from '../identity/unsubscribe-link.ts'
import type { Composed } from '../mail/compose.ts'
import { type FooterInput, whyOf } from '../mail/footer.ts'
import { pdf } from '../mail/pdf.ts'
import { letterReference, messageId, replyTo } from '../mail/reference.ts'
import { render } from '../mail/render.ts'
import type { Outgoing } from '../mail/send.ts'
import type { StoredLetter } from '../store/correspondence.ts'
import type { Vault } from '../vault/vault.ts'

/** What plus-addresses of the company mailbox are used for: answers, bounces too, or nothing where the mailbox has none. */
export type PlusAddresses = 'replies' | 'all' | 'none'

export interface Mailing {
  readonly vault: Vault
  /** The company mailbox; answers go to a plus-address of it. */
  readonly mailbox: string
  readonly plus: PlusAddresses
  readonly url: string
}

type Which = Pick<StoredLetter, 'caseId' | 'seq' | 'letter' | 'clientId' | 'purpose'>

/** A letter as it goes out. The same letter is the same message at each try. */
export async function outgoing(
  letter: Which,
  kept: KeptLetter,
  words: Composed,
  definition: Definition,
  { vault, mailbox, plus, url }: Mailing,
): Promise<Outgoing> {
  const reference = letterReference({ caseId: letter.caseId, seq: letter.seq }, vault.master.letters)
  const back = plus === 'none' ? undefined : replyTo(mailbox, reference)
  const clientId = mayEnter(letter, kept)
  const unsubscribeUrl = unsubscribeUrlOf(letter, kept, definition, vault, url)
  const footer = footerOf(letter, kept, definition, {
    ...(clientId ? { portalUrl: `${url}/portal/l/${portalLink(clientId, vault.master.links)}` } : {}),
    ...(unsubscribeUrl ? { unsubscribeUrl } : {}),
  })
  return {
    messageId: messageId(reference, mailbox.slice(mailbox.lastIndexOf('@') + 1)),
    to: kept.to,
    ...(back ? { replyTo: back } : {}),
    ...(back && plus === 'all' ? { bouncesTo: back } : {}),
    subject: words.subject,
    ...render(words.markdown, { ...footer, subject: words.subject }),
    attachments: await filesOf(words, kept.language),
    ...(unsubscribeUrl ? { unsubscribe: unsubscribeUrl } : {}),
  }
}

/** The documents of a letter as PDF. */
export function filesOf({ attachments }: Composed, language: string) {
  return Promise.all(
    attachments.map(async ({ name, title, markdown }) => ({
      filename: name,
      content: await pdf({ title, markdown, language }),
      contentType: 'application/pdf',
    })),
  )
}

/** What stands below a letter: whose it is and why it comes, where it goes to the client. */
export function footerOf(
  { letter, clientId }: Pick<StoredLetter, 'letter' | 'clientId'>,
  { language, about, toClient }: Pick<KeptLetter, 'language' | 'about' | 'toClient'>,
  definition: Definition,
  links: Pick<FooterInput, 'portalUrl' | 'unsubscribeUrl'>,
): FooterInput {
  const { company } = definition
  const theirs = clientId !== null && toClient !== false
  return {
    language,
    ...(company ? { company } : {}),
    ...(theirs ? { why: whyOf(definition, letter, about.number, language) } : {}),
    ...links,
  }
}

/** The client whom the links of a letter speak for: nobody where it goes to staff or to someone else. */
function mayEnter({ clientId }: Which, { toClient }: KeptLetter): string | undefined {
  return toClient === false ? undefined : (clientId ?? undefined)
}

function unsubscribeUrlOf(
  letter: Which,
  kept: KeptLetter,
  { purposes }: Definition,
  vault: Vault,
  url: string,
): string | undefined {
  const clientId = mayEnter(letter, kept)
  const purpose = own(purposes, letter.purpose ?? '')
  if (!clientId || !purpose || !restsOnConsent(purpose)) return undefined
  const { caseId, seq } = letter
  return `${url}/portal/u/${unsubscribeLink({ clientId, purpose: purpose.name, caseId, seq }, vault.master.links)}`
}

/** Whether an address is the company's mailbox or a plus-address of it. */
export function ownMailbox(address: string, mailbox: string): boolean {
  const plain = (text: string) =>
    `${text.slice(0, text.lastIndexOf('@')).split('+')[0]}@${domainIn(text)}`.toLowerCase()
  return plain(address) === plain(mailbox)
}

function domainIn(address: string): string {
  return address
    .slice(address.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase()
}
