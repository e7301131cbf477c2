import { Resolver as DnsResolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type ARCSigningData, arc, type DKIMResult, dkimVerify, dmarc, spf } from 'mailauth'
import { aligned, domainOf } from './alignment.ts'
import { type MethodResult, resultsOf, sealedResults } from './authentication-results.ts'
import { type Header, type Incoming, value, values } from './parse.ts'
import { type Why, type WhyCode, whyInWords } from './why.ts'

/** Whether the message comes from the domain that its From names (DKIM or SPF, aligned), and what shows it. */
export interface Authentication {
  readonly passes: boolean
  readonly why: Why
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
  /** Domains whose ARC seal (RFC 8617) counts: servers that pass mail on to us and break its signature. */
  readonly trustedForwarders?: readonly string[]
  readonly resolver?: Resolver
}

/** Never throws; what can't be checked does not pass. */
export async function authenticate(
  raw: Buffer,
  incoming: Incoming,
  { trustedAuthserv, trustedForwarders = [], resolver }: AuthenticateOptions = {},
): Promise<Authentication> {
  const sender = incoming.malformed ? undefined : incoming.from[0]?.address
  const single = values(incoming.headers, 'from').length === 1 && !incoming.malformed && incoming.from.length === 1
  if (!sender || !single) return fails({ code: 'notOneSender' })
  const domain = domainOf(sender)
  if (trustedAuthserv) return trusted(incoming.headers, trustedAuthserv, domain)
  try {
    return await checkedHere(raw, incoming.headers, {
      domain,
      resolver: resolver ?? systemResolver(),
      trustedForwarders,
    })
  } catch {
    return away
  }
}

function found(passes: boolean, why: Why): Authentication {
  return { passes, why, because: whyInWords(why, 'en') }
}

function fails(why: Why): Authentication {
  return found(false, why)
}

const away: Authentication = { ...fails({ code: 'dnsAway' }), temporary: true }

/** What the trusted server found. A failed DMARC is final, whatever else passed. */
function trusted(headers: readonly Header[], authserv: string, domain: string): Authentication {
  const results = resultsOf(headers, authserv)
  if (!results) return fails({ code: 'serverSilent' })
  const good = proofIn(results, domain)
  if (good === 'refused') return fails({ code: 'serverDmarcFails' })
  return good ? found(true, { code: 'serverFinds', of: { code: good } }) : fails({ code: 'serverFindsNone' })
}

/** By what a server's results prove the domain; `refused` where its DMARC check failed. */
function proofIn(results: readonly MethodResult[], domain: string): WhyCode | 'refused' | undefined {
  if (results.some(({ method, result }) => method === 'dmarc' && result === 'fail')) return 'refused'
  return results.find((result) => vouches(result, domain))?.method as WhyCode | undefined
}

function vouches({ method, result, properties }: MethodResult, domain: string): boolean {
  if (result !== 'pass') return false
  if (method === 'dkim') return aligned(domainOf(properties['header.d'] || properties['header.i'] || ''), domain)
  if (method === 'spf') return aligned(domainOf(properties['smtp.mailfrom'] ?? ''), domain)
  return method === 'dmarc' && aligned(domainOf(properties['header.from'] ?? ''), domain)
}

interface Checking {
  readonly domain: string
  readonly resolver: Resolver
  readonly trustedForwarders: readonly string[]
}

async function checkedHere(raw: Buffer, headers: readonly Header[], checking: Checking): Promise<Authentication> {
  const { domain, resolver } = checking
  const verified = await dkimVerify(raw, { resolver, rejectRsaSha1: true, minBitLength: 1024 })
  const ours = verified.results.filter(({ signingDomain }) => aligned(signingDomain ?? '', domain))
  const signed = ours.find(proves)
  const server = signed ? undefined : await checkServer(headers, domain, resolver)
  if (signed || server?.result === 'pass') {
    return byPolicy(checking, verified.results.filter(proves), signed ? undefined : server?.domain)
  }
  const passedOn = await sealedBy(verified.arc, checking)
  if (passedOn) return passedOn
  if (server?.result === 'temperror' || ours.some(({ status }) => status.result === 'temperror')) return away
  return fails(whyUnproved(verified.results, ours))
}

/**
 * DMARC (RFC 9989): where the sender's domain has a policy, it says how strictly the proof must name that domain. Without
 * one, the same organisation is near enough.
 */
async function byPolicy(
  { domain, resolver }: Checking,
  signatures: readonly DKIMResult[],
  server: string | undefined,
): Promise<Authentication> {
  const result = await dmarc({
    headerFrom: `sender@${domain}`,
    dkimDomains: signatures.map(({ signingDomain, id }) => ({ domain: signingDomain ?? '', ...(id ? { id } : {}) })),
    spfDomains: server ? [server] : [],
    resolver,
  })
  if (!result) return found(true, { code: server ? 'spf' : 'dkim' })
  const status = result.status.result
  if (status === 'temperror') return away
  if (status === 'fail') return fails({ code: 'strictPolicy', name: result.p || 'none' })
  return found(true, { code: server ? 'spf' : 'dkim' })
}

/** A forwarder that we trust has sealed what it found before it passed the message on, and the seal holds. */
async function sealedBy(
  chain: ARCSigningData | undefined,
  { domain, resolver, trustedForwarders }: Checking,
): Promise<Authentication | undefined> {
  const links = chain?.chain || []
  const last = links.at(-1)
  const sealer = String(last?.['arc-seal']?.parsed?.d?.value ?? '').toLowerCase()
  if (!chain || !trustedForwarders.includes(sealer)) return undefined
  const { status } = await arc({ ...chain, chain: links }, { resolver, minBitLength: 1024 })
  if (status.result !== 'pass') return undefined
  const line = last?.['arc-authentication-results']?.original ?? ''
  const proof = proofIn(sealedResults(String(line).replace(/^[^:]*:/, '')), domain)
  return proof && proof !== 'refused' ? found(true, { code: 'arc', name: sealer }) : undefined
}

function whyUnproved(all: readonly DKIMResult[], ours: readonly DKIMResult[]): Why {
  if (ours.some(({ bodyHash, bodyHashExpecting }) => bodyHash && bodyHashExpecting && bodyHash !== bodyHashExpecting)) {
    return { code: 'alteredBody' }
  }
  if (ours.length > 0) return { code: 'brokenSignature' }
  return { code: all.some(({ status }) => status.result === 'pass') ? 'otherSignature' : 'unsigned' }
}

/** A signature of the whole body, in force now, by a domain that means it. */
function proves({ status, signatureTimeValid }: DKIMResult): boolean {
  return status.result === 'pass' && !status.underSized && !status.testing && signatureTimeValid !== false
}

/** SPF (RFC 7208) of the host that handed the message in, as our own server noted it; only where that is aligned. */
async function checkServer(
  headers: readonly Header[],
  domain: string,
  resolver: Resolver,
): Promise<{ readonly result: string; readonly domain: string }> {
  const sender = /<?([^<>\s]+@[^<>\s]+)>?/.exec(value(headers, 'return-path') ?? '')?.[1]
  const host = handedInBy(headers)
  if (!sender || !host || !aligned(domainOf(sender), domain)) return { result: 'none', domain: '' }
  const { status } = await spf({ sender, ip: host.ip, helo: host.helo, resolver, mta: 'zgoda', maxElapsedTime: 15_000 })
  return { result: status.result, domain: domainOf(sender) }
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
