import { PassThrough } from 'node:stream'
import { Refusal } from '../../refusal.ts'
import type { Caller, Change } from '../ports.ts'
import { bearerToken, clientByCookie, sessionToken, staffByCookie } from '../session-cookies.ts'
import type { Site, Web } from '../site.ts'
import type { Route } from './route.ts'

/** Bytes that may wait for a slow reader; past that its stream ends, and its browser comes back for a fresh one. */
const mostWaiting = 64 * 1024
const mostStreams = 2000

/**
 * Server-sent events (HTML §9.2): `changed` with `{ caseId?, process?, notification?, reload? }` for what the caller may see. A
 * comment is the sign of life; with each the session is looked at again, so that a stream ends when its session does.
 */
async function events(ctx: Web, site: Site, open: Set<PassThrough>): Promise<void> {
  const asking = await whoAsks(ctx, site)
  if (!asking) throw new Refusal('not-signed-in', 'Sign in first.')
  if (open.size >= mostStreams) throw new Refusal('unavailable', 'Too many event streams are open. Try again later.')
  const stream = new PassThrough()
  open.add(stream)
  const send = (lines: string) => {
    if (stream.writableLength > mostWaiting) stream.destroy()
    else stream.write(lines)
  }
  const unsubscribe = site.ports.changes.subscribe(asking.by, (change) => send(eventOf(change)))
  const beat = setInterval(async () => {
    const still = await asking.still().catch(() => true)
    if (still) send(': alive\n\n')
    else stream.end()
  }, site.heartbeat)
  beat.unref()
  const end = () => stream.end()
  site.ending?.addEventListener('abort', end)
  stream.on('close', () => {
    clearInterval(beat)
    site.ending?.removeEventListener('abort', end)
    unsubscribe()
    open.delete(stream)
  })
  send('retry: 2000\n\n')
  ctx.status = 200
  ctx.set('X-Accel-Buffering', 'no')
  ctx.body = stream
  ctx.type = 'text/event-stream'
}

async function whoAsks(ctx: Web, site: Site): Promise<{ by: Caller; still: () => Promise<boolean> } | undefined> {
  const { identity, portal } = site.ports
  const bearer = bearerToken(ctx)
  const staff = bearer ? await identity.session(bearer) : await staffByCookie(ctx, site)
  if (staff) {
    const token = bearer ?? sessionToken(ctx, site, 'session') ?? ''
    return { by: { kind: 'staff', person: staff.person }, still: async () => !!(await identity.session(token)) }
  }
  const client = await clientByCookie(ctx, site)
  const token = sessionToken(ctx, site, 'portal') ?? ''
  return (
    client && { by: { kind: 'client', clientId: client.clientId }, still: async () => !!(await portal.session(token)) }
  )
}

function eventOf({ caseId, process, notification, reload }: Change): string {
  return `event: changed\ndata: ${JSON.stringify({ caseId, process, notification, reload })}\n\n`
}

export const eventRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/events',
    id: 'events',
    summary: 'Server-sent events: what has just changed among what you may see.',
    who: 'staff',
    answers: { 200: { type: 'string', contentMediaType: 'text/event-stream' } },
    handler: (site) => {
      const open = new Set<PassThrough>()
      return (ctx) => events(ctx, site, open)
    },
  },
]
