import { OperatorError } from '../operator-error.ts'

/** Who is asked, and as whom. `whose` says whose token it has to be. */
export interface Server {
  readonly url: string
  readonly token: string
  readonly whose: string
}

/** The server that a command line names. Throws an OperatorError where its address or the token is not there. */
export function namedServer(url: string | undefined, token: string | undefined, whose: string): Server {
  if (!url) throw new OperatorError('which server? Name it with `--server https://office.example` or ZGODA_URL')
  if (!token) throw new OperatorError(`ZGODA_TOKEN is not set: it is ${whose}`)
  return { url: url.replace(/\/$/, ''), token, whose }
}

/** Calls the API; an answer that is no good one is an OperatorError with the server's own reason. */
export async function callApi({ url, token, whose }: Server, path: string, body?: object): Promise<Response> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  }).catch((error: unknown) => {
    throw new OperatorError(`the server at ${url} does not answer (${causeOf(error)})`, { cause: error })
  })
  if (response.ok) return response
  if (response.status === 401) throw new OperatorError(`ZGODA_TOKEN is not ${whose}`)
  throw new OperatorError(await reasonOf(response))
}

/** The same for an answer in JSON. */
export async function callForJson(server: Server, path: string, body?: object): Promise<unknown> {
  const response = await callApi(server, path, body)
  return response.json().catch(() => {
    throw new OperatorError(notZgoda(response))
  })
}

async function reasonOf(response: Response): Promise<string> {
  const answer: unknown = await response.json().catch(() => undefined)
  return answer && typeof answer === 'object' && 'because' in answer ? String(answer.because) : notZgoda(response)
}

function notZgoda({ status }: Response): string {
  return `the server answers ${status}, and not as Zgoda does: is the address right?`
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause && typeof cause === 'object' && 'code' in cause ? String(cause.code) : 'no connection'
}
