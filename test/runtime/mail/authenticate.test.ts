import { generateKeyPairSync } from 'node:crypto'
import { dkimSign, sealMessage } from 'mailauth'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AuthenticateOptions, authenticate, type Resolver } from '../../../runtime/mail/authenticate.ts'
import { parse } from '../../../runtime/mail/parse.ts'

const message =
  'From: Anna <anna@mail.example>\r\nTo: office@shop.example\r\nSubject: Re: Order\r\nDate: Mon, 25 May 2026 10:00:00 +0000\r\nMessage-ID: <1@mail.example>\r\n\r\nI agree\r\n'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const secret = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`

const zone: Record<string, string[]> = {
  's._domainkey.mail.example': [record],
  's._domainkey.news.mail.example': [record],
  's._domainkey.evil.example': [record],
  's._domainkey.test.mail.example': [record.replace('k=rsa', 'k=rsa; t=y')],
  'mail.example': ['v=spf1 ip4:203.0.113.7 -all'],
  'evil.example': ['v=spf1 ip4:198.51.100.1 -all'],
}
const resolver: Resolver = async (name, type) => {
  const found = type === 'TXT' ? zone[name] : undefined
  if (!found) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
  return found.map((text) => [text])
}

async function signed(domain: string, text = message, more: object = {}): Promise<string> {
  const key = { signingDomain: domain, selector: 's', privateKey: secret, ...more }
  // The types of mailauth ask for the key at the top; what it reads is the list.
  const options = { canonicalization: 'relaxed/relaxed', ...key, signatureData: [key] }
  const { signatures } = await dkimSign(text, options)
  return signatures + text
}

async function check(text: string, options: AuthenticateOptions = { resolver }) {
  const raw = Buffer.from(text)
  return authenticate(raw, await parse(raw), options)
}

let good: string
beforeAll(async () => {
  good = await signed('mail.example')
})

describe('a sender checked here', () => {
  it('is proved by a signature of the domain, or of one of the same organisation', async () => {
    expect(await check(good)).toMatchObject({ passes: true, because: expect.stringContaining('DKIM') })
    expect(await check(await signed('news.mail.example'))).toMatchObject({ passes: true })
  })

  it.each<[string, () => Promise<string> | string]>([
    ['nothing', () => message],
    ['a signature of another domain', () => signed('evil.example')],
    ['a signature whose body was changed', () => good.replace('I agree', 'I agree!')],
    ['a signature whose sender was changed', () => good.replace('anna@', 'eve@')],
    ['a signature of a domain whose key is not known', () => signed('unknown.mail.example')],
    ['a signature of a domain that only tests', () => signed('test.mail.example')],
    [
      'a signature that leaves the end of the body open',
      async () => `${await signed('mail.example', message, { maxBodyLength: 9 })}and no\r\n`,
    ],
    ['two senders', () => good.replace('Anna <anna@mail.example>', 'anna@mail.example, eve@evil.example')],
    ['two sender fields', () => `From: eve@evil.example\r\n${good}`],
    [
      'its own word for it',
      () => `Authentication-Results: mx.shop.example; dkim=pass header.d=mail.example\r\n${message}`,
    ],
  ])('is not proved by %s', async (_, text) => {
    expect(await check(await text())).toMatchObject({ passes: false, because: expect.not.stringMatching(/@/) })
  })

  it('is proved by a server of its domain (SPF), as our own server noted it', async () => {
    const path = 'Return-Path: <anna@mail.example>\r\n'
    const ours = 'Received: from inner (inner [10.0.0.2]) by store.shop.example\r\n'
    const from = (ip: string) => `Received: from mx (mx.mail.example [${ip}]) by mx.shop.example with ESMTP\r\n`
    expect(await check(path + from('203.0.113.7') + message)).toMatchObject({
      passes: true,
      because: expect.stringContaining('SPF'),
    })
    expect(await check(path + ours + from('203.0.113.7') + message)).toMatchObject({ passes: true })
    expect(await check(path + from('198.51.100.1') + message)).toMatchObject({ passes: false })
    expect(await check(path + from('198.51.100.1') + from('203.0.113.7') + message)).toMatchObject({ passes: false })
    expect(await check(`Return-Path: <eve@evil.example>\r\n${from('198.51.100.1')}${message}`)).toMatchObject({
      passes: false,
    })
    expect(await check(from('203.0.113.7') + message)).toMatchObject({ passes: false })
  })

  it('is to be checked again where DNS does not answer', async () => {
    const silent: Resolver = async () => {
      throw Object.assign(new Error('timed out'), { code: 'ETIMEOUT' })
    }
    expect(await check(good, { resolver: silent })).toMatchObject({ passes: false, temporary: true })
  })
})

describe('a sender checked by the trusted server', () => {
  const trustedAuthserv = 'mx.shop.example'
  const received = 'Received: from mx (mx.mail.example [203.0.113.7]) by mx.shop.example with ESMTP\r\n'
  const results = (text: string) => `Authentication-Results: ${text}\r\n`
  const byServer = (text: string) => check(text, { trustedAuthserv })

  it.each([
    'mx.shop.example; dkim=pass header.d=mail.example',
    'mx.shop.example; dkim=pass header.i=@news.mail.example',
    'MX.shop.example 1; spf=pass (sender ok) smtp.mailfrom=anna@mail.example',
    'mx.shop.example;\r\n\tdkim=fail header.d=evil.example;\r\n\tspf=pass smtp.mailfrom=mail.example',
    'mx.shop.example; dmarc=pass (p=none) header.from=mail.example',
    'mx.shop.example; dkim = pass (2048-bit key; "a;b") header.d = mail.example',
  ])('is proved by `%s`', async (text) => {
    expect(await byServer(results(text) + received + message)).toMatchObject({ passes: true })
  })

  it.each([
    ['nothing', ''],
    ['another server’s word', results('mx.evil.example; dkim=pass header.d=mail.example')],
    ['a failure', results('mx.shop.example; dkim=fail header.d=mail.example; spf=softfail smtp.mailfrom=mail.example')],
    [
      'another domain',
      results('mx.shop.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=eve@evil.example'),
    ],
    ['a word in a comment', results('mx.shop.example; dkim=none (dkim=pass header.d=mail.example)')],
    [
      'a word in quotes',
      results('mx.shop.example; spf=pass smtp.mailfrom="a; dkim=pass header.d=mail.example"@evil.example'),
    ],
    ['a property given twice', results('mx.shop.example; dkim=pass header.d=evil.example header.d=mail.example')],
    [
      'a failed DMARC beside it',
      results('mx.shop.example; dkim=pass header.d=mail.example; dmarc=fail header.from=mail.example'),
    ],
    ['no result', results('mx.shop.example; none')],
  ])('is not proved by %s', async (_, text) => {
    expect(await byServer(text + received + message)).toMatchObject({ passes: false })
  })

  it('is not proved by what the sender wrote under that server’s name below its own word', async () => {
    const own = results('mx.shop.example; dkim=none; spf=fail smtp.mailfrom=mail.example')
    const forged = results('mx.shop.example; dkim=pass header.d=mail.example')
    expect(await byServer(own + received + forged + message)).toMatchObject({ passes: false })
    expect(await byServer(received + own + forged + message)).toMatchObject({ passes: false })
    expect(await byServer(own + forged + received + message)).toMatchObject({ passes: true })
  })

  it('needs no other proof, and a signature of its own does not stand in for the server’s word', async () => {
    expect(await byServer(good)).toMatchObject({ passes: false })
  })
})

describe('the policy of the sender’s domain (DMARC)', () => {
  const strict: Resolver = async (name, type) =>
    name === '_dmarc.mail.example' && type === 'TXT' ? [['v=DMARC1; p=reject; adkim=s']] : resolver(name, type)

  it('that asks for its very own name is not met by another of the same organisation', async () => {
    expect(await check(await signed('news.mail.example'), { resolver: strict })).toMatchObject({
      passes: false,
      because: expect.stringContaining('DMARC `reject`'),
    })
    expect(await check(good, { resolver: strict })).toMatchObject({ passes: true })
  })

  it('that can not be looked up now is waited for', async () => {
    const away: Resolver = async (name, type) => {
      if (name.startsWith('_dmarc')) throw Object.assign(new Error('no answer'), { code: 'ETIMEOUT' })
      return resolver(name, type)
    }
    expect(await check(good, { resolver: away })).toMatchObject({ passes: false, temporary: true })
  })
})

describe('a message that a server passed on, changed on its way', () => {
  const forwarded = async (results: string, domain = 'forwarder.example', text?: string) => {
    const changed = text ?? good.replace('I agree', 'I agree\r\n-- passed on')
    const seal = await sealMessage(changed, {
      signingDomain: domain,
      selector: 's',
      privateKey: secret,
      authResults: `mx.${domain}; ${results}`,
      cv: 'none',
    })
    return `${seal.toString()}${changed}`
  }
  const names: Resolver = async (name, type) =>
    type === 'TXT' && /^s\._domainkey\.(forwarder|other)\.example$/.test(name) ? [[record]] : resolver(name, type)
  const trust = { resolver: names, trustedForwarders: ['forwarder.example'] }
  const passed = 'dkim=pass header.d=mail.example; dmarc=pass header.from=mail.example'

  it('is proved where a server that we trust has sealed what it found (ARC)', async () => {
    const text = await forwarded(passed)
    expect(await check(text, trust)).toMatchObject({ passes: true, because: expect.stringContaining('ARC') })
    expect(await check(text, { resolver: names })).toMatchObject({ passes: false })
  })

  it.each([
    ['the seal is of a server that we do not trust', () => forwarded(passed, 'other.example')],
    ['that server had found no proof', () => forwarded('dkim=none; spf=none')],
    ['that server had found another domain', () => forwarded('dkim=pass header.d=evil.example')],
    [
      'that server had found that the domain does not vouch',
      () => forwarded(`${passed.split(';')[0]}; dmarc=fail header.from=mail.example`),
    ],
    ['it was changed after the seal', async () => (await forwarded(passed)).replace('passed on', 'and no')],
  ])('is not proved where %s', async (_, make) => {
    expect(await check(await make(), trust)).toMatchObject({ passes: false })
  })
})
