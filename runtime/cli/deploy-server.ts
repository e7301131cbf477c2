import type { ProposedFile, WorkspacePlan } from '../http/ports.ts'
import { callForJson, namedServer, type Server } from './api-call.ts'

/** A server that plans and applies, as its API is called. */
export class DeployServer {
  readonly #server: Server

  /** Throws an OperatorError where the address or the token is not there. */
  constructor(url: string | undefined, token: string | undefined) {
    this.#server = namedServer(
      url,
      token,
      'what the server has as ZGODA_DEPLOY_TOKEN, or a token of a person with every role',
    )
  }

  plan(
    files: readonly ProposedFile[],
    more: { readonly newCasesOnly: boolean; readonly replay: boolean },
  ): Promise<WorkspacePlan> {
    return callForJson(this.#server, '/workspace/plan', { files, ...more }) as Promise<WorkspacePlan>
  }

  apply(
    files: readonly ProposedFile[],
    more: { readonly newCasesOnly: boolean; readonly basedOn: string },
  ): Promise<{ readonly moved: number; readonly at: string }> {
    return callForJson(this.#server, '/workspace/apply', { files, ...more }) as Promise<{ moved: number; at: string }>
  }
}
