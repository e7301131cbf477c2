import type { Message } from './parse.ts'

/**
 * The enhanced status code (RFC 3463) that a bounce gives for the letter that did not arrive, `5.1.1`: of its delivery report
 * (RFC 3464), else of its words.
 */
export function deliveryStatus({ attachments, text }: Message): string | undefined {
  const report = attachments.find(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type))
  const said = report?.content.toString('latin1', 0, 64_000)
  return (
    /^status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(said ?? '')?.[1] ??
    /(?:^|[\s(#])([45]\.\d{1,3}\.\d{1,3})\b/m.exec(text.slice(0, 20_000))?.[1]
  )
}
