import Router, { type RouterContext } from '@koa/router'
import type { Context, Middleware } from 'koa'
import type { Html } from '../http/html.ts'
import { readForm, readJson } from '../http/request-body.ts'
import { Refusal } from '../refusal.ts'
import { plainAddress } from './address.ts'
import type { Answer, Postbox } from './answer.ts'
import type { Letter, LetterReader } from './letter.ts'
import { letterPage, listPage, mailboxesPage, styles } from './letter-pages.ts'
import type { Mailboxes } from './mailboxes.ts'

export interface PagesOptions {
  readonly mailboxes: Mailboxes
  readonly letters: LetterReader
  readonly postbox: Postbox
  readonly company: string
  readonly smtpPort: number
  readonly imapPort: number
  /** Answers offered as buttons. */
  readonly quickAnswers: readonly string[]
}

const pageSize = 50
/** Characters. */
const longestAnswer = 100_000

/** The sandbox mailbox for people and for programs, under `/_mail`. Errors are thrown as `Refusal` for the server to show. */
export function mailRoutes(options: PagesOptions): Middleware {
  const router = new Router({ prefix: '/_mail' })
  addApi(router, options)
  addPages(router, options)
  const routes = router.routes()
  // The router itself adds what its context has beyond any other.
  return (ctx, next) => routes(ctx as RouterContext, next)
}

function addApi(router: Router, options: PagesOptions): void {
  const { mailboxes, letters, company, smtpPort, imapPort } = options
  router.get('/api/info', (ctx) => {
    ctx.body = { smtpPort, imapPort, mailbox: company }
  })
  router.get('/api/messages', async (ctx) => {
    const after = Number(one(ctx.query.after) ?? 0)
    const list = mailboxes.list(one(ctx.query.mailbox)).filter(({ id }) => !(id <= after))
    const messages = []
    for (const delivered of list) messages.push(message(await letters.read(delivered)))
    ctx.body = messages
  })
  router.post('/api/replies', async (ctx) => {
    const { letter, answer } = await askedAnswer(options, await readJson(ctx.req))
    const sent = await send(options, letter, answer)
    ctx.status = 201
    ctx.body = { messageId: sent.messageId, to: sent.to }
  })
}

function message(letter: Letter): object {
  const { id, mailbox, from, to, subject, text, headers, at } = letter
  return { id: String(id), mailbox, from, to, subject, text, headers, date: at }
}

async function askedAnswer(options: PagesOptions, body: unknown): Promise<{ letter: Letter; answer: Answer }> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('The body must be a JSON object.')
  const known = ['message', 'text', 'from', 'auto']
  const unknown = Object.keys(body).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw invalid(`\`${unknown.slice(0, 40)}\` is unknown; known are ${known.map((name) => `\`${name}\``).join(', ')}.`)
  const { message, text, from, auto } = body as Record<string, unknown>
  if (typeof message !== 'string' && typeof message !== 'number') throw invalid('`message` must be the id of a letter.')
  if (typeof text !== 'string') throw invalid('`text` must be a string.')
  if (from !== undefined && from !== null && typeof from !== 'string') throw invalid('`from` must be an address.')
  if (auto !== undefined && auto !== null && typeof auto !== 'boolean')
    throw invalid('`auto` must be `true` or `false`.')
  const letter = await letterOf(options, String(message))
  return { letter, answer: { text: answerText(text), ...sender(from ?? undefined), auto: auto ?? false } }
}

function addPages(router: Router, options: PagesOptions): void {
  const { mailboxes, company, quickAnswers } = options
  router.get('/mailbox.css', (ctx) => {
    ctx.type = 'text/css; charset=utf-8'
    ctx.body = styles
  })
  router.get('/', async (ctx) => {
    const addresses = mailboxes.addresses()
    const rows = addresses.map((address) => {
      const list = mailboxes.list(address)
      return { address, count: list.length, latest: list.at(-1) }
    })
    rows.sort((a, b) => (b.latest?.id ?? 0) - (a.latest?.id ?? 0))
    show(ctx, mailboxesPage(rows.slice(0, 500), company, await listed(options, undefined, ctx)))
  })
  router.get('/mailboxes/:address', async (ctx) => {
    const address = ctx.params.address ?? ''
    show(ctx, listPage(address, address === company, await listed(options, address, ctx)))
  })
  router.get('/letters/:id', async (ctx) => {
    const letter = await letterOf(options, ctx.params.id)
    show(ctx, letterPage(letter, { quickAnswers, company, sent: one(ctx.query.sent) === '1' }))
  })
  router.get('/letters/:id/html', async (ctx) => {
    const letter = await letterOf(options, ctx.params.id)
    showForeign(ctx, letter.html ?? '')
  })
  router.get('/letters/:id/source', async (ctx) => {
    const letter = await letterOf(options, ctx.params.id)
    const delivered = mailboxes.get(letter.id)
    if (!delivered) throw gone()
    ctx.set('Content-Security-Policy', closed)
    ctx.type = 'text/plain; charset=utf-8'
    ctx.body = await mailboxes.read(delivered)
  })
  router.get('/letters/:id/attachments/:number', async (ctx) => {
    const letter = await letterOf(options, ctx.params.id)
    const attachment = letter.attachments[Number(ctx.params.number)]
    if (!attachment) throw gone()
    ctx.set('Content-Security-Policy', closed)
    ctx.attachment(attachment.name)
    ctx.type = attachment.type === 'application/pdf' ? attachment.type : 'application/octet-stream'
    ctx.body = attachment.content
  })
  router.post('/letters/:id/answers', async (ctx) => {
    const letter = await letterOf(options, ctx.params.id)
    const form = await readForm(ctx.req)
    const text = answerText(form.get('quick') || form.get('text') || '')
    if (text.trim() === '') throw invalid('The answer is empty. Go back and write some words.')
    await send(options, letter, { text, ...sender(form.get('from') || undefined), auto: form.has('auto') })
    ctx.redirect(`/_mail/letters/${letter.id}?sent=1`)
    ctx.status = 303
  })
}

/** Newest first, a page of them. */
async function listed({ mailboxes, letters }: PagesOptions, address: string | undefined, ctx: Context) {
  const all = mailboxes.list(address)
  const before = Number(one(ctx.query.before) ?? Number.POSITIVE_INFINITY)
  const older = all.filter(({ id }) => !(id >= before))
  const shown = older.slice(-pageSize).reverse()
  const read: Letter[] = []
  for (const delivered of shown) read.push(await letters.read(delivered))
  const more = older.length > shown.length ? read.at(-1)?.id : undefined
  return { letters: read, more }
}

async function letterOf({ mailboxes, letters }: PagesOptions, id: string | undefined): Promise<Letter> {
  const delivered = /^\d{1,12}$/.test(id ?? '') ? mailboxes.get(Number(id)) : undefined
  if (!delivered) throw gone()
  return letters.read(delivered)
}

async function send({ postbox }: PagesOptions, letter: Letter, answer: Answer) {
  if (!plainAddress(letter.answerTo)) throw new Refusal('conflict', 'This letter has no sender that could be answered.')
  return postbox.answer(letter, answer)
}

function answerText(text: string): string {
  if (text.length > longestAnswer) throw new Refusal('too-large', `An answer has at most ${longestAnswer} characters.`)
  return text.replace(/\r\n?/g, '\n')
}

function sender(from: string | undefined): { readonly from?: string } {
  if (from === undefined) return {}
  const address = plainAddress(from)
  if (!address) throw invalid('`from` is not an address.')
  return { from: address }
}

const ownPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
/** For what others wrote: no script, no form, no request to anywhere. */
const closed = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
const closedButLinks = `${closed} allow-popups allow-popups-to-escape-sandbox`

function show(ctx: Context, page: Html): void {
  ctx.set('Content-Security-Policy', ownPolicy)
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = page.toString()
}

/** A letter's own HTML; its links open in a window of their own. */
function showForeign(ctx: Context, markup: string): void {
  ctx.set('Content-Security-Policy', closedButLinks)
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = `<!doctype html><base target="_blank"><meta name="referrer" content="no-referrer">${markup}`
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}

function invalid(because: string): Refusal {
  return new Refusal('invalid-body', because)
}

function gone(): Refusal {
  return new Refusal('not-found', 'There is no such letter.')
}
