import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../../bench/torture/random.ts'
import type { Answer, Api } from '../api.ts'
import { eventually } from '../eventually.ts'
import type { MailWorld } from '../mail-world.ts'

/** What became of a request: done; refused by a rule; or nobody knows, and it may be done or not. */
export type Outcome = 'done' | 'refused' | 'unknown'

export interface Sent {
  readonly kind: 'move' | 'fill'
  readonly to?: string
  readonly outcome: Outcome
}

/** A case from its start to its end, as the person who led it knows it. */
export interface Life {
  readonly address: string
  readonly client: string
  readonly caseId: string
  /** Each request once, however often it was sent under one key. */
  readonly sent: readonly Sent[]
}

export interface PeopleOptions {
  readonly api: Api
  readonly mail: MailWorld
  readonly random: Random
  /** Whether a request may end without an answer: the server is killed now and then. */
  readonly mayVanish: boolean
  /** Milliseconds that an answer may take. */
  readonly bound: number
  /** Seconds that a person waits for what others are to do before the case counts as stuck. */
  readonly patience: number
}

/**
 * People who lead one case after another through the desk. Where a request is not answered, a careful one sends it again under the
 * same key until it is; a careless one goes on.
 */
export class People {
  readonly lives: Life[] = []
  /** What should not have happened. */
  readonly odd: string[] = []
  readonly figures = { answers: 0, unavailable: 0, vanished: 0, slowest: 0 }
  readonly #options: PeopleOptions
  readonly #name: string
  #going = false
  #working: Promise<unknown> = Promise.resolve()
  #begun = 0

  /** `name` makes their clients' addresses their own. */
  constructor(name: string, options: PeopleOptions) {
    this.#name = name
    this.#options = options
  }

  start(count: number): void {
    this.#going = true
    this.#working = Promise.all(Array.from({ length: count }, () => this.#work()))
  }

  /** Resolves when each has led their last case to its end. */
  async stop(): Promise<void> {
    this.#going = false
    await this.#working
  }

  async #work(): Promise<void> {
    while (this.#going) {
      const address = `${this.#name}-${this.#begun++}@client.example`
      try {
        this.lives.push(await this.#lead(address))
      } catch (error) {
        this.odd.push(`the case of ${address}: ${(error as Error).message}`)
        return
      }
    }
  }

  async #lead(address: string): Promise<Life> {
    const { random, mail, patience } = this.#options
    const client = await this.#surely('/clients', { name: 'A client', email: address })
    const begun = await this.#surely('/cases', { process: 'job', client: client.body.id })
    const caseId: string = begun.body.id
    const sent: Sent[] = []
    for (let left = 10 + random.below(40); left > 0; left--) sent.push(await this.#act(caseId, sent))
    const question = await eventually('the question', async () => (await mail.letters(address))[0], patience)
    await mail.answer(question, 'I think so')
    await eventually('the answer to count', () => this.#hasReply(caseId), patience)
    // Whatever the last request whose outcome is unknown did: both ways out lead here.
    if (!sent.some(({ kind, outcome }) => kind === 'move' && outcome === 'done'))
      sent.push(await this.#move(caseId, 'one'))
    sent.push(await this.#move(caseId, 'resting'))
    await eventually('the timer to end it', () => this.#hasEnded(caseId), patience)
    return { address, client: client.body.id, caseId, sent }
  }

  async #act(caseId: string, before: readonly Sent[]): Promise<Sent> {
    const { random } = this.#options
    const last = before.findLast(({ kind, outcome }) => kind === 'move' && outcome === 'done')?.to
    if (random.below(4) === 0) {
      const fields = { [random.of(['note', 'wish'])]: `${random.below(1_000)}` }
      const answer = await this.#once('a fill', () => this.#options.api.patch(`/cases/${caseId}/fields`, fields))
      return { kind: 'fill', outcome: outcomeOf(answer) }
    }
    const to = last === 'one' ? 'two' : 'one'
    if (random.below(2) === 0) return this.#move(caseId, to)
    const answer = await this.#once('a move', () => this.#options.api.post(`/cases/${caseId}/moves`, { to }))
    return { kind: 'move', to, outcome: outcomeOf(answer) }
  }

  async #move(caseId: string, to: string): Promise<Sent> {
    const answer = await this.#again(`/cases/${caseId}/moves`, { to })
    return { kind: 'move', to, outcome: outcomeOf(answer) }
  }

  async #hasReply(caseId: string): Promise<boolean> {
    const answer = await this.#once('a history', () => this.#options.api.get(`/cases/${caseId}/history?limit=200`))
    return answer?.status === 200 && answer.body.items.some(({ type }: { type: string }) => type === 'reply')
  }

  async #hasEnded(caseId: string): Promise<boolean> {
    const answer = await this.#once('a case', () => this.#options.api.get(`/cases/${caseId}`))
    return answer?.status === 200 && answer.body.ended === 'success'
  }

  /** What no rule refuses. */
  async #surely(path: string, body: object): Promise<Answer> {
    const answer = await this.#again(path, body)
    if (answer.status >= 300) throw new Error(`POST ${path} was answered ${answer.status} ${answer.body?.code}`)
    return answer
  }

  async #again(path: string, body: object): Promise<Answer> {
    const key = randomUUID()
    const until = Date.now() + this.#options.patience * 1_000
    for (;;) {
      const answer = await this.#once(`POST ${path}`, () =>
        this.#options.api.post(path, body, { 'idempotency-key': key }),
      )
      if (answer && answer.status !== 503 && answer.body?.code !== 'conflict') return answer
      if (Date.now() > until) throw new Error(`${path} was never answered`)
      await pause(50)
    }
  }

  /** One request; nothing where it was not answered. */
  async #once(what: string, ask: () => Promise<Answer>): Promise<Answer | undefined> {
    const { mayVanish, bound } = this.#options
    const began = performance.now()
    const answer = await ask().catch(() => undefined)
    const took = Math.round(performance.now() - began)
    this.figures.slowest = Math.max(this.figures.slowest, took)
    if (took > bound) this.odd.push(`${what} took ${took} ms`)
    if (!answer) {
      this.figures.vanished += 1
      if (!mayVanish) this.odd.push(`${what} was not answered`)
      return undefined
    }
    this.figures.answers += 1
    if (answer.status === 503 && answer.body?.code === 'unavailable') this.figures.unavailable += 1
    else if (answer.status >= 500) this.odd.push(`${what} was answered ${answer.status} ${answer.body?.code}`)
    else if (answer.status === 401) this.odd.push(`${what} was answered 401: the session is lost`)
    return answer
  }
}

function outcomeOf(answer: Answer | undefined): Outcome {
  if (!answer || answer.status >= 500) return 'unknown'
  return answer.status < 300 ? 'done' : 'refused'
}
