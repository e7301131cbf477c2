import { createHash, timingSafeEqual } from 'node:crypto'
import type { Actor } from '../../engine/case.ts'
import type { Definition } from '../../engine/definition.ts'
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
    const definition = await proved(files)
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

/** What reads and proves a workspace is loaded when it is needed: it is large, and most nodes never do. */
async function proved(files: readonly ProposedFile[]): Promise<Definition> {
  const { soundDefinition } = await import('./sound-definition.ts')
  return soundDefinition(files)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
