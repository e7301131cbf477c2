import { Resolver as DnsResolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type DKIMResult, dkimVerify, spf } from 'mailauth'
import { aligned, domainOf } from './alignment.ts'
import { type MethodResult, resultsOf } from './authentication-results.ts'
import { type Header, type Incoming, value, values } from './parse.ts'

/** Whether the message comes from the domain that its From names (DKIM or SPF, aligned), and what shows it. */
export interface Authentication {
  readonly passes: boolean
  /** For a clerk, a clause: `its signature (DKIM) is that of the sender's domain`. Holds no address. */
  readonly because: string
  /** It could not be checked now, for DNS did not answer: judge it again later. */
  readonly temporary?: boolean
}

/** A DNS look-up as `dns/promises.resolve` does it: records, or an error with code `ENOTFOUND` or `ENODATA`. */
export type Resolver = (name: string, type: string) => Promise<string[][] | string[]>

export interface AuthenticateOptions {
  /** The authserv-id (RFC 8601 §2.5) of the server whose word counts. Without one, DKIM and SPF are checked here. */
  readonly trustedAuthserv?: string
  readonly resolver?: Resolver
}

/** Never throws; what can't be checked does not pass. */
export async function authenticate(
  raw: Buffer,
  incoming: Incoming,
  { trustedAuthserv, resolver }: AuthenticateOptions = {},
): Promise<Authentication> {
  const sender = incoming.malformed ? undefined : incoming.from[0]?.address
  const single = values(incoming.headers, 'from').length === 1 && !incoming.malformed && incoming.from.length === 1
  if (!sender || !single) return fails('it does not name exactly one sender')
  const domain = domainOf(sender)
  if (trustedAuthserv) return trusted(incoming.headers, trustedAuthserv, domain)
  try {
    return await checkedHere(raw, incoming.headers, domain, resolver ?? systemResolver())
  } catch {
    return { passes: false, because: "the sender's domain could not be looked up", temporary: true }
  }
}

function fails(because: string): Authentication {
  return { passes: false, because }
}

const passed = {
  dkim: "its signature (DKIM) is that of the sender's domain",
  spf: "it came from a server of the sender's domain (SPF)",
  dmarc: "the sender's domain vouches for it (DMARC)",
}

/** What the trusted server found. A failed DMARC is final, whatever else passed. */
function trusted(headers: readonly Header[], authserv: string, domain: string): Authentication {
  const results = resultsOf(headers, authserv)
  if (!results) return fails('our mail server says nothing about where it comes from')
  if (results.some(({ method, result }) => method === 'dmarc' && result === 'fail')) {
    return fails("our mail server finds that the sender's domain does not vouch for it (DMARC)")
  }
  const good = results.find((result) => vouches(result, domain))
  if (good) return { passes: true, because: `our mail server finds that ${passed[good.method as keyof typeof passed]}` }
  return fails("our mail server finds neither a signature (DKIM) nor a server (SPF) of the sender's domain")
}

function vouches({ method, result, properties }: MethodResult, domain: string): boolean {
  if (result !== 'pass') return false
  if (method === 'dkim') return aligned(domainOf(properties['header.d'] || properties['header.i'] || ''), domain)
  if (method === 'spf') return aligned(domainOf(properties['smtp.mailfrom'] ?? ''), domain)
  return method === 'dmarc' && aligned(domainOf(properties['header.from'] ?? ''), domain)
}

async function checkedHere(
  raw: Buffer,
  headers: readonly Header[],
  domain: string,
  resolver: Resolver,
): Promise<Authentication> {
  const { results } = await dkimVerify(raw, { resolver, rejectRsaSha1: true, minBitLength: 1024 })
  const ours = results.filter(({ signingDomain }) => aligned(signingDomain ?? '', domain))
  if (ours.some(proves)) return { passes: true, because: passed.dkim }
  const sent = await checkServer(headers, domain, resolver)
  if (sent === 'pass') return { passes: true, because: passed.spf }
  if (sent === 'temperror' || ours.some(({ status }) => status.result === 'temperror')) {
    return { passes: false, because: "the sender's domain could not be looked up", temporary: true }
  }
  if (ours.length === 0)
    return fails("it bears no signature (DKIM) of the sender's domain, nor came from a server of it (SPF)")
  return fails("its signature (DKIM) does not hold, and it came from no server of the sender's domain (SPF)")
}

/** A signature of the whole body, in force now, by a domain that means it. */
function proves({ status, signatureTimeValid }: DKIMResult): boolean {
  return status.result === 'pass' && !status.underSized && !status.testing && signatureTimeValid !== false
}

/** SPF (RFC 7208) of the host that handed the message in, as our own server noted it; only where that is aligned. */
async function checkServer(headers: readonly Header[], domain: string, resolver: Resolver): Promise<string> {
  const sender = /<?([^<>\s]+@[^<>\s]+)>?/.exec(value(headers, 'return-path') ?? '')?.[1]
  const host = handedInBy(headers)
  if (!sender || !host || !aligned(domainOf(sender), domain)) return 'none'
  const { status } = await spf({ sender, ip: host.ip, helo: host.helo, resolver, mta: 'zgoda', maxElapsedTime: 15_000 })
  return status.result
}

/** The first host outside our own network, from the top: what is below its line, the sender may have made up. */
function handedInBy(headers: readonly Header[]): { ip: string; helo: string } | undefined {
  for (const line of values(headers, 'received').slice(0, 5)) {
    const from = /^from\s+(\S+)\s+\(([^()]*)\)/i.exec(line)
    if (!from) {
      if (/^by\s/i.test(line)) continue
      return undefined
    }
    const ip = /\[(?:IPv6:)?([0-9a-f.:]+)\]/i.exec(from[2] ?? '')?.[1] ?? ''
    if (isIP(ip) === 0) return undefined
    if (!isOurs(ip)) return { ip, helo: from[1] ?? ip }
  }
  return undefined
}

/** Loopback and private networks (RFC 1918, 4193). */
function isOurs(ip: string): boolean {
  return /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd][0-9a-f]{2}:|fe80:)/i.test(ip)
}

let dns: DnsResolver | undefined

function systemResolver(): Resolver {
  dns ??= new DnsResolver({ timeout: 3_000, tries: 2 })
  const system = dns
  return (name, type) => system.resolve(name, type) as Promise<string[][] | string[]>
}
