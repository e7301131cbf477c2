import { receiptAsJsonLd } from '../consent/dpv.ts'
import type { ConsentReceipt } from '../consent/receipt.ts'
import { Attachment } from './attachment.ts'

/** A receipt to keep, as JSON or JSON-LD. */
export function receiptFile(receipt: ConsentReceipt, format: 'json' | 'jsonld'): Attachment {
  const linked = format === 'jsonld'
  return new Attachment({
    name: `consent-receipt.${format}`,
    type: linked ? 'application/ld+json' : 'application/json',
    content: Buffer.from(JSON.stringify(linked ? receiptAsJsonLd(receipt) : receipt, undefined, 2)),
  })
}
