import { createApp, listen } from '../../../runtime/http/server.ts'
import { fakePorts, password } from './ports.ts'

type Options = Partial<Parameters<typeof createApp>[1]>

/** A server on the fake ports, with a browser's habits: it keeps cookies and follows nothing by itself. */
export async function openOffice(options: Options = {}) {
  const fake = fakePorts()
  const lines: { level: string; fields: object; message: string }[] = []
  const log = (level: string) => (fields: object, message: string) => lines.push({ level, fields, message })
  const app = createApp(fake.ports, {
    url: 'http://office.example',
    secureCookies: false,
    log: { info: log('info'), warn: log('warn'), error: log('error'), debug: log('debug') },
    clock: { now: () => '2026-05-28T08:00:00.000Z' },
    ...options,
  })
  const listening = await listen(app, 0, '127.0.0.1')
  const origin = `http://127.0.0.1:${listening.port}`
  return { ...fake, lines, origin, visitor: () => new Visitor(origin), close: () => listening.close() }
}

export class Visitor {
  readonly cookies = new Map<string, string>()
  readonly #origin: string

  constructor(origin: string) {
    this.#origin = origin
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (cookie) headers.set('cookie', cookie)
    const answer = await fetch(this.#origin + path, { redirect: 'manual', ...init, headers })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value) this.cookies.set(name, value)
      else this.cookies.delete(name)
    }
    return answer
  }

  /** An API call; its body, if any, as JSON. */
  async api(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const answer = await this.fetch(`/api/v1${path}`, { method, headers: { ...json, ...headers }, ...sent })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined }
  }

  async page(path: string, headers: Record<string, string> = {}) {
    const answer = await this.fetch(path, { headers: { accept: 'text/html', ...headers } })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }

  /** Sends a form as a browser without scripts does. `_csrf` is taken from the page it stands on, if given. */
  async send(path: string, fields: Record<string, string>, from?: string, headers: Record<string, string> = {}) {
    const csrf: Record<string, string> = from === undefined ? {} : { _csrf: csrfOf((await this.page(from)).text) }
    const answer = await this.fetch(path, {
      method: 'POST',
      headers: { accept: 'text/html', ...headers },
      body: new URLSearchParams({ ...csrf, ...fields }),
    })
    return {
      status: answer.status,
      location: answer.headers.get('location'),
      headers: answer.headers,
      text: await answer.text(),
    }
  }

  async signIn(): Promise<this> {
    const answer = await this.api('POST', '/sessions', { login: 'ewa', password })
    if (answer.status !== 204) throw new Error(`signing in answered ${answer.status}`)
    return this
  }
}

function csrfOf(page: string): string {
  return /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
}
