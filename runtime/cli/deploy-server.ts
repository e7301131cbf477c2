import type { ProposedFile, WorkspacePlan } from '../http/ports.ts'
import { OperatorError } from '../operator-error.ts'

/** A server that plans and applies, as its API is called. */
export class DeployServer {
  readonly #url: string
  readonly #token: string

  /** Throws an OperatorError where the address or the token is not there. */
  constructor(url: string | undefined, token: string | undefined) {
    if (!url) throw new OperatorError('which server? Name it with `--server https://office.example` or ZGODA_URL')
    if (!token) {
      throw new OperatorError(
        'ZGODA_TOKEN is not set: it is what the server has as ZGODA_DEPLOY_TOKEN, or a token of a person with every role',
      )
    }
    this.#url = url.replace(/\/$/, '')
    this.#token = token
  }

  plan(
    files: readonly ProposedFile[],
    more: { readonly newCasesOnly: boolean; readonly replay: boolean },
  ): Promise<WorkspacePlan> {
    return this.#post('plan', { files, ...more }) as Promise<WorkspacePlan>
  }

  apply(
    files: readonly ProposedFile[],
    more: { readonly newCasesOnly: boolean; readonly basedOn: string },
  ): Promise<{ readonly moved: number; readonly at: string }> {
    return this.#post('apply', { files, ...more }) as Promise<{ moved: number; at: string }>
  }

  async #post(what: 'plan' | 'apply', body: object): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/v1/workspace/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch((error: unknown) => {
      throw new OperatorError(`the server at ${this.#url} does not answer (${causeOf(error)})`, { cause: error })
    })
    const answer: unknown = await response.json().catch(() => undefined)
    if (response.ok && answer !== undefined) return answer
    if (response.status === 401) throw new OperatorError('ZGODA_TOKEN is not what the server has as ZGODA_DEPLOY_TOKEN')
    const because = answer && typeof answer === 'object' && 'because' in answer ? String(answer.because) : ''
    throw new OperatorError(
      because || `the server answers ${response.status}, and not as Zgoda does: is the address right?`,
    )
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause && typeof cause === 'object' && 'code' in cause ? String(cause.code) : 'no connection'
}
