import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { signatureHolds, signatureOf } from '../../../runtime/webhooks/signature.ts'

const body = '{"fields":{"name":"Żółć"}}'
const secret = 'a secret for ünicode'

describe('a signature', () => {
  const now = new Date('2026-05-25T08:00:00Z')
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

  it('holds for its body and secret, five minutes to either side', () => {
    const signature = signatureOf(body, secret, now)
    expect(signature).toMatch(/^t=1779696000,v1=[0-9a-f]{64}$/)
    for (const seconds of [0, 300, -300]) expect(signatureHolds(signature, body, secret, later(seconds))).toBe(true)
    for (const seconds of [301, -301]) expect(signatureHolds(signature, body, secret, later(seconds))).toBe(false)
    expect(signatureHolds(signature, `${body} `, secret, now)).toBe(false)
    expect(signatureHolds(signature, body, 'another', now)).toBe(false)
  })

  it.each(['', 't=1779696000', 'v1=00', `t=,v1=${'0'.repeat(64)}`, `t=1779696000,v1=${'0'.repeat(63)}`, 't=NaN,v1=x'])(
    'is none: `%s`',
    (signature) => expect(signatureHolds(signature, body, secret, now)).toBe(false),
  )
})

describe('what docs/webhooks.md shows', () => {
  let docs: string
  beforeAll(async () => {
    docs = await readFile('docs/webhooks.md', 'utf8')
  })

  const piece = (language: string, words: string): string => {
    const pieces = [...docs.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
    const found = pieces.find(([, of, text]) => of === language && text?.includes(words))
    if (!found?.[2]) throw new Error(`no ${language} with ${words} in docs/webhooks.md`)
    return found[2]
  }

  it('checks our signature in Node', async () => {
    const module = `data:text/javascript,${encodeURIComponent(piece('js', 'isFromZgoda'))}`
    const { isFromZgoda } = await import(/* @vite-ignore */ module)
    const signature = signatureOf(body, secret, new Date())
    expect(isFromZgoda(signature, body, secret)).toBe(true)
    expect(isFromZgoda(signature, Buffer.from(body), secret)).toBe(true)
    expect(isFromZgoda(signature, `${body} `, secret)).toBe(false)
    expect(isFromZgoda(signatureOf(body, secret, new Date(Date.now() - 301_000)), body, secret)).toBe(false)
    expect(isFromZgoda(undefined, body, secret)).toBe(false)
  })

  it.runIf(has('python3'))('checks it in Python', () => {
    const signature = signatureOf(body, secret, new Date())
    const ask = 'import sys\nprint([is_from_zgoda(sys.argv[1], b.encode(), sys.argv[3]) for b in (sys.argv[2], "x")])'
    const asked = `${piece('python', 'is_from_zgoda')}\n${ask}`
    expect(execFileSync('python3', ['-c', asked, signature, body, secret], { encoding: 'utf8' })).toBe(
      '[True, False]\n',
    )
  })

  it.runIf(has('openssl'))('signs in the shell as we check it', () => {
    const [signing = ''] = piece('sh', 'openssl').split('curl')
    const script = `${signing}\nprintf '%s\\n%s' "t=$t,v1=$v1" "$body"`
    const out = execFileSync('sh', ['-c', script], { encoding: 'utf8', env: { ...process.env, SECRET: secret } })
    const [signature = '', sent = ''] = out.split('\n')
    expect(JSON.parse(sent)).toHaveProperty('case')
    expect(signatureHolds(signature, sent, secret, new Date())).toBe(true)
  })
})

function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
