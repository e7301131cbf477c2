import { Refusal } from '../../refusal.ts'
import type { Deployer, ProposedFile } from '../ports.ts'
import { bearerToken } from '../session-cookies.ts'
import type { Site, Web } from '../site.ts'
import { type Route, routeFor, signedIn } from './route.ts'
import { object, schema } from './schema.ts'
import { count, list, named, text, time, yesNo } from './shapes.ts'

/** A whole workspace, in bytes. */
const largestWorkspace = 16 * 1024 * 1024
const mostFiles = 2_000

const files = {
  ...list(object({ name: { type: 'string', minLength: 1, maxLength: 500 }, text })),
  minItems: 1,
  maxItems: mostFiles,
}

/** The bearer of the deploy token, or who is signed in; what they may is the port's to say. */
async function deployer(ctx: Web, site: Site): Promise<Deployer> {
  const bearer = bearerToken(ctx)
  return bearer !== undefined && site.ports.deployment.isDeployToken(bearer) ? { kind: 'deploy' } : signedIn(ctx, site)
}

const running = routeFor(deployer, {
  method: 'get',
  path: '/workspace',
  id: 'getWorkspace',
  summary: 'Which definition runs, since when, and the version and open cases of each process.',
  answers: {
    200: object({
      hash: text,
      at: time,
      by: text,
      processes: list(object({ name: text, version: count, openCases: count })),
    }),
  },
  handle: ({ ports }, { by }) => ports.deployment.running(by),
})

const plan = routeFor(deployer, {
  largest: largestWorkspace,
  method: 'post',
  path: '/workspace/plan',
  id: 'planWorkspace',
  summary:
    'What changes in meaning where these files are to run, what becomes of open cases, and what has to be put right first.',
  body: schema<{ files: readonly ProposedFile[]; newCasesOnly?: boolean; replay?: boolean }>(
    object({ files }, { newCasesOnly: yesNo, replay: yesNo }),
  ),
  answers: { 200: named('Plan') },
  handle: ({ ports }, { by, body }) => ports.deployment.plan(by, checked(body.files), body),
})

const apply = routeFor(deployer, {
  largest: largestWorkspace,
  method: 'post',
  path: '/workspace/apply',
  id: 'applyWorkspace',
  summary: 'Makes these files run and takes open cases over to them, in one transaction or not at all.',
  body: schema<{ files: readonly ProposedFile[]; newCasesOnly?: boolean; basedOn?: string }>(
    object({ files }, { newCasesOnly: yesNo, basedOn: text }),
  ),
  answers: { 200: object({ plan: named('Plan'), moved: count, at: time }) },
  handle: ({ ports }, { by, body }) => ports.deployment.apply(by, checked(body.files), body),
})

/** Names are paths inside the workspace, each once. */
function checked(sent: readonly ProposedFile[]): readonly ProposedFile[] {
  const names = new Set<string>()
  for (const { name } of sent) {
    const inside = !name.startsWith('/') && !name.includes('\\') && !name.split('/').includes('..')
    if (!inside) throw new Refusal('invalid-body', 'a file’s name is its path inside the workspace')
    if (names.has(name)) throw new Refusal('invalid-body', 'two files have the same name')
    names.add(name)
  }
  return sent
}

export const deploymentRoutes: readonly Route[] = [running, plan, apply]
