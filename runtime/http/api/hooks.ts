import { readText } from '../request-body.ts'
import type { Site, Web } from '../site.ts'
import { type Route, staffRoute } from './route.ts'
import { object, schema } from './schema.ts'
import { id, list, named, text } from './shapes.ts'

/** Bytes: a hook hears which case, and no more. */
const largest = 64 * 1024

const name = { type: 'string', pattern: '^[a-z][a-z0-9_]{0,99}$' }

const create = staffRoute({
  method: 'post',
  path: '/hooks',
  id: 'createHook',
  summary: 'Makes an address at which another system signals cases of a process. Its secret is shown this once.',
  body: schema<{ process: string; signal: string }>(object({ process: name, signal: name })),
  answers: { 201: object({ id, url: text, secret: text }) },
  handle: async ({ ports, url }, { by, body }) => {
    const { id, token, secret } = await ports.hooks.create(by, body)
    return { id, url: `${url}/hooks/${token}`, secret }
  },
})

const browse = staffRoute({
  method: 'get',
  path: '/hooks',
  id: 'listHooks',
  summary: 'The hooks of processes whose cases you may move, without their secrets.',
  answers: { 200: object({ items: list(named('Hook')) }) },
  handle: async ({ ports }, { by }) => ({ items: await ports.hooks.list(by) }),
})

const remove = staffRoute({
  method: 'delete',
  path: '/hooks/:id',
  id: 'deleteHook',
  summary: 'Ends a hook at once.',
  answers: { 204: null },
  handle: ({ ports }, { by, params }) => ports.hooks.remove(by, params.id ?? ''),
})

async function receive(ctx: Web & { params: Record<string, string> }, { ports }: Site): Promise<void> {
  const body = await readText(ctx.req, largest)
  const signature = ctx.get('zgoda-signature')
  ctx.body = await ports.hooks.receive(ctx.params.token ?? '', { body, signature, from: ctx.ip })
  ctx.status = 202
}

/** For other systems, which hold its whole address: it stands apart from the description of what a person may call. */
export const signalRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/hooks/:token',
    id: 'receiveHook',
    summary: 'A signal from another system, signed with the hook’s secret in `Zgoda-Signature`. Slowed after failures.',
    who: 'anyone',
    body: object({ case: { type: ['string', 'integer'] } }, { id: text }),
    answers: { 202: object({ case: id, stage: text }), 401: named('Problem'), 409: named('Problem') },
    handler: (site) => (ctx) => receive(ctx, site),
  },
]

export const hookRoutes: readonly Route[] = [create, browse, remove]
