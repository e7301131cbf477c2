export interface Health {
  /** Ready to take requests; else what is missing, for the operator. */
  ready(): Promise<{ ready: boolean; checks: Readonly<Record<string, string>> }>
}

/** Figures for monitoring. */
export interface Metrics {
  /** Who shows it may read from anywhere; without it, only from this machine. */
  readonly token?: string
  /** All of them, in Prometheus's text format. */
  text(): Promise<string>
  /** Counts a request; `route` is the pattern of its route. */
  request(method: string, route: string, status: number, seconds: number): void
}
