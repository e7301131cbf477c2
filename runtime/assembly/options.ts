import type { Definition } from '../../engine/definition.ts'
import type { Clock } from '../clock.ts'
import type { DkimKey, TraceSettings } from '../config.ts'
import type { AppOptions } from '../http/server.ts'
import type { CallSettings } from '../jobs/call.ts'
import type { PlusAddresses } from '../jobs/outgoing.ts'
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
    readonly imapTokenCommand?: string
    readonly imapDoneMailbox?: string
    /** Where the mail server of this machine hands messages in. */
    readonly lmtpPort?: number
    /** `Flower shop <office@flowers.example>`. */
    readonly from: string
    readonly trustedAuthserv?: string
    readonly trustedForwarders?: readonly string[]
    /** In place of this machine's own look-ups in the DNS. */
    readonly resolver?: Resolver
    readonly dkim?: DkimKey
    /** Letters a minute to one mail domain, of all nodes together; no limit where absent. */
    readonly rate?: number
    /** Connections of this node to the mail server; 4 where absent. */
    readonly connections?: number
    /** Milliseconds for which a letter that is put off is tried again; five days where absent. */
    readonly keepTrying?: number
    /** `replies` where absent. */
    readonly plus?: PlusAddresses
  }
  /** What webhooks are called with; none inside and no secret where absent. */
  readonly calls?: CallSettings
  readonly admin?: { readonly login?: string; readonly password?: string }
  /** Whether the definition is made to run though another one runs; else it is only said. */
  readonly applyAtStart?: boolean
  /** The bearer of this may plan and apply. */
  readonly deployToken?: string
  readonly demo?: AppOptions['demo']
  /** Where spans of traces go; nowhere where absent. */
  readonly traces?: TraceSettings
  /** Who shows it may read `/metrics` from anywhere. */
  readonly metricsToken?: string
  /** Whether this node also sends letters, calls webhooks, fires timers and reads the mailbox; yes where absent. */
  readonly runJobs?: boolean
  readonly clock: Clock
  readonly log: Log
}

export const noCalls: CallSettings = { allow: new Set(), secret: () => undefined }
