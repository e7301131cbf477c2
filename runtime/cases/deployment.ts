import { createHash, timingSafeEqual } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { readWorkspace } from '../../dsl/index.ts'
import type { Actor } from '../../engine/case.ts'
import { checking } from '../../engine/check.ts'
import type { Definition } from '../../engine/definition.ts'
import { diagnose } from '../checked-workspace.ts'
import type { Clock } from '../clock.ts'
import type { Deployer, Deployment, ProposedFile, WorkspacePlan } from '../http/ports.ts'
import { Refusal } from '../refusal.ts'
import { countOpenCases } from '../store/cases.ts'
import { isAway, unavailable } from '../store/database.ts'
import { missingSecrets } from '../webhooks/secrets.ts'
import { type ApplyParts, applyDefinition } from './apply.ts'
import { planOf, type Wish } from './plan.ts'
import { replayed } from './replay.ts'
import { everyRole } from './rights.ts'

export interface DeploymentParts extends ApplyParts {
  readonly clock: Clock
  /** The secrets that webhooks name. */
  readonly calls: { secret(name: string): string | undefined }
  /** The token that deploys; none where only people may. */
  readonly token: string | undefined
}

/** Plans and applies what is to run, for those who may: a person with every role, or the bearer of the deploy token. */
export class DeploymentService implements Deployment {
  readonly #parts: DeploymentParts

  constructor(parts: DeploymentParts) {
    this.#parts = parts
  }

  isDeployToken(token: string): boolean {
    const expected = this.#parts.token
    return expected !== undefined && timingSafeEqual(digest(token), digest(expected))
  }

  async running(by: Deployer) {
    mayDeploy(by)
    return this.#away(async () => {
      const { versions, db } = this.#parts
      await versions.refresh()
      const open = await countOpenCases(db.pool)
      const { hash, at, actor } = versions.applied
      const processes = Object.keys(versions.definition().processes).map((name) => ({
        name,
        version: versions.current(name)?.version ?? 1,
        openCases: open.filter(({ process }) => process === name).reduce((sum, { cases }) => sum + cases, 0),
      }))
      return { hash, at, by: actor, processes }
    })
  }

  async plan(
    by: Deployer,
    files: readonly ProposedFile[],
    { newCasesOnly = false, replay = false }: { newCasesOnly?: boolean; replay?: boolean },
  ): Promise<WorkspacePlan> {
    mayDeploy(by)
    return this.#away(async () => {
      const { db, vault, versions } = this.#parts
      const proposed = await this.#sound(files)
      await versions.refresh()
      const parts = { db: db.pool, vault, versions }
      const plan = await planOf(proposed, parts, this.#wish(by, newCasesOnly))
      return replay ? { ...plan, replay: await replayed(proposed, parts) } : plan
    })
  }

  async apply(
    by: Deployer,
    files: readonly ProposedFile[],
    { newCasesOnly = false, basedOn }: { newCasesOnly?: boolean; basedOn?: string },
  ): Promise<{ plan: WorkspacePlan; moved: number; at: string }> {
    mayDeploy(by)
    return this.#away(async () => {
      const proposed = await this.#sound(files)
      const wish = this.#wish(by, newCasesOnly)
      const actor = by.kind === 'staff' ? `staff:${by.person.id}` : by.kind
      const more = { ...wish, actor, ...(basedOn === undefined ? {} : { basedOn }) }
      return { ...(await applyDefinition(proposed, this.#parts, more)), at: wish.now }
    })
  }

  async #sound(files: readonly ProposedFile[]): Promise<Definition> {
    const definition = await soundDefinition(files)
    const missing = missingSecrets(definition, this.#parts.calls)
    if (missing.length === 0) return definition
    const because = `the server lacks the secrets that webhooks are signed with: ${missing.join(', ')}; set them and start it again`
    throw new Refusal('invalid-workspace', because)
  }

  #wish(by: Deployer, newCasesOnly: boolean): Wish {
    const actor: Actor = by.kind === 'staff' ? { kind: 'staff', id: by.person.id, roles: [] } : { kind: 'system' }
    return { newCasesOnly, by: actor, now: this.#parts.clock.now() }
  }

  async #away<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw isAway(error) ? unavailable() : error
    }
  }
}

function mayDeploy(by: Deployer): void {
  if (by.kind === 'deploy' || (by.kind === 'staff' && by.person.roles.includes(everyRole))) return
  throw new Refusal('not-allowed', 'planning and applying take a person with every role, or the deploy token')
}

/** Proved like a folder that is served: what has an error does not run. Gives way to requests between one process and the next. */
async function soundDefinition(files: readonly ProposedFile[]): Promise<Definition> {
  const { definition, problems } = readWorkspace(files)
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (!definition || errors.length > 0) throw unsound(errors)
  for (const found of checking(definition)) {
    const wrong = diagnose(found, files).filter(({ severity }) => severity === 'error')
    if (wrong.length > 0) throw unsound(wrong)
    await turn()
  }
  return definition
}

function unsound(errors: readonly { file: string; line: number; code: string; message: string }[]): Refusal {
  const [first] = errors
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const what = first ? `${first.file}:${first.line}: ${first.code}: ${first.message}` : 'there is no workspace in it'
  return new Refusal(
    'invalid-workspace',
    `the workspace has mistakes: ${what}${more}; \`zgoda check\` shows them in full`,
  )
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
