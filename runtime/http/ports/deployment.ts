import type { Place } from '../../../engine/definition.ts'
import type { Difference } from '../../../engine/diff/index.ts'
import type { Caller } from './people.ts'

/** A file of a workspace that is proposed. */
export interface ProposedFile {
  readonly name: string
  readonly text: string
}

/** Something that has to be put right before a plan can be applied. */
export interface Needed {
  readonly what: string
  readonly process?: string
  readonly at?: Place
  /** The open cases it is about. */
  readonly cases?: number
}

/** A purpose to which clients' earlier yes does not hold any more. */
export interface AskAgain {
  readonly purpose: string
  readonly because: readonly string[]
  /** Whether its `version` says so. */
  readonly raised: boolean
  readonly clients: number
  /** Pseudonyms of some of them. */
  readonly some: readonly string[]
}

/** What becomes of the open cases of a process. */
export interface ProcessPlan {
  readonly process: string
  readonly from: readonly number[]
  readonly to: number
  readonly cases: number
  readonly stages: readonly { readonly from: string; readonly to: string; readonly cases: number }[]
  readonly notes: readonly { readonly what: string; readonly cases: number }[]
}

/** A past case that would have ended otherwise. */
export interface EndedOtherwise {
  readonly case: string
  readonly number: string
  readonly process: string
  readonly ended: string
  /** The stage it would be in, or why it would not have come to where it did. */
  readonly would: string
}

export interface Replay {
  readonly cases: number
  readonly otherwise: readonly EndedOtherwise[]
  /** Cases whose history does not say enough. */
  readonly unclear: number
}

/** What changes where proposed files are to run, and what has to be put right first. */
export interface WorkspacePlan {
  readonly current: { readonly hash: string; readonly at: string }
  readonly proposed: { readonly hash: string }
  /** In meaning; `cases` are the open ones it touches. */
  readonly differences: readonly (Difference & { readonly cases?: number })[]
  readonly processes: readonly ProcessPlan[]
  readonly askAgain: readonly AskAgain[]
  /** Empty where it can be applied. */
  readonly needs: readonly Needed[]
  readonly replay?: Replay
}

/** Who may plan and apply: the deploy token's bearer, or a person with every role. */
export type Deployer = Caller | { readonly kind: 'deploy' }

export interface Deployment {
  /** Whether a bearer token is the one that deploys. */
  isDeployToken(token: string): boolean
  /** What runs, since when and by whom, with the open cases of each process. */
  running(by: Deployer): Promise<{
    readonly hash: string
    readonly at: string
    readonly by: string
    readonly processes: readonly { readonly name: string; readonly version: number; readonly openCases: number }[]
  }>
  /** Throws `Refusal` `invalid-workspace` where the files have mistakes. */
  plan(
    by: Deployer,
    files: readonly ProposedFile[],
    more: { readonly newCasesOnly?: boolean; readonly replay?: boolean },
  ): Promise<WorkspacePlan>
  /** Applies in one transaction or not at all. `basedOn` is the hash of what ran when it was planned. */
  apply(
    by: Deployer,
    files: readonly ProposedFile[],
    more: { readonly newCasesOnly?: boolean; readonly basedOn?: string },
  ): Promise<{ readonly plan: WorkspacePlan; readonly moved: number; readonly at: string }>
}
