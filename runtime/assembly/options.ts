import type { Definition } from '../../engine/definition.ts'
import type { Clock } from '../clock.ts'
import type { DkimKey } from '../config.ts'
import type { AppOptions } from '../http/server.ts'
import type { CallSettings } from '../jobs/call.ts'
import type { Log } from '../log.ts'
import type { Resolver } from '../mail/authenticate.ts'

/** What a server runs on. */
export interface ServerOptions {
  readonly definition: Definition
  readonly databaseUrl: string
  readonly masterKey: string
  readonly host: string
  readonly port: number
  /** The public address; where absent, the one it listens on. */
  readonly url?: string
  readonly mail?: {
    readonly smtpUrl?: string
    readonly imapUrl?: string
    readonly imapMailbox: string
    /** `Flower shop <office@flowers.example>`. */
    readonly from: string
    readonly trustedAuthserv?: string
    readonly dkim?: DkimKey
    /** Looks senders' domains up; the system's own where absent. */
    readonly resolver?: Resolver
  }
  /** What webhooks are called with; none inside and no secret where absent. */
  readonly calls?: CallSettings
  readonly admin?: { readonly login?: string; readonly password?: string }
  /** Whether the definition is made to run though another one runs; else it is only said. */
  readonly applyAtStart?: boolean
  /** The bearer of this may plan and apply. */
  readonly deployToken?: string
  readonly demo?: AppOptions['demo']
  /** Who shows it may read `/metrics` from anywhere. */
  readonly metricsToken?: string
  /** Whether this node also sends letters, calls webhooks, fires timers and reads the mailbox; yes where absent. */
  readonly runJobs?: boolean
  readonly clock: Clock
  readonly log: Log
}

export const noCalls: CallSettings = { allow: new Set(), secret: () => undefined }
