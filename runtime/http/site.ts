import type { ParameterizedContext } from 'koa'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Spans } from '../spans/spans.ts'
import type { Assets } from './assets.ts'
import type { Language } from './language.ts'
import type { Metrics, Ports } from './ports.ts'

/** What every handler needs of the server it runs in. */
export interface Site {
  readonly ports: Ports
  /** The public address, without a slash at the end. */
  readonly url: string
  readonly secureCookies: boolean
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics | undefined
  readonly spans: Spans
  readonly assets: Assets
  /** Between two signs of life on an event stream, in milliseconds. */
  readonly heartbeat: number
  /** When the server is to stop, event streams end. */
  readonly ending: AbortSignal | undefined
  /** Whether an error means that the database or another server is away. */
  readonly isAway: (error: unknown) => boolean
  /** Shown in the pages' menu in the demo alone. */
  readonly sandbox: boolean
}

/** What a request carries along. */
export interface State {
  requestId: string
  language: Language
}

export type Web = ParameterizedContext<State>
