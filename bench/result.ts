/** What a bench measured in one run, and how it stands to its references. */
export interface BenchResult {
  readonly bench: string
  readonly figures: Readonly<Record<string, number>>
  readonly ratios: Readonly<Record<string, number>>
}

/** What was set on the command line as `--name=value`. */
export type Setting = (name: string) => string | undefined
