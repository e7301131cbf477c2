/** One sample of Prometheus's text format. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A figure with its samples, as a reader of the format sees it. */
export interface ReadFamily {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly Sample[]
}

/**
 * Reads the text format 0.0.4 as strictly as its description has it: each figure has one HELP and one TYPE before its
 * samples, all samples of it stand together, no sample is there twice, and the text ends with a line feed.
 */
export function readExposition(text: string): ReadFamily[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const families: (ReadFamily & { readonly samples: Sample[] })[] = []
  const seen = new Set<string>()
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-zA-Z_:][\w:]*) (.*)$/.exec(line)
    if (help) {
      const [, name = '', words = ''] = help
      if (families.some((family) => family.name === name)) throw new Error(`${name} comes twice`)
      families.push({ name, help: words, type: '', samples: [] })
      continue
    }
    const current = families.at(-1)
    const type = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram)$/.exec(line)
    if (type) {
      if (current?.name !== type[1] || current?.type !== '') throw new Error(`a TYPE out of place: ${line}`)
      Object.assign(current, { type: type[2] })
      continue
    }
    const sample = readSample(line)
    if (!current?.type || !belongs(sample.name, current)) throw new Error(`a sample out of place: ${line}`)
    const key = line.slice(0, line.lastIndexOf(' '))
    if (seen.has(key)) throw new Error(`a sample comes twice: ${line}`)
    seen.add(key)
    current.samples.push(sample)
  }
  return families
}

/** The one sample with these labels; undefined where there is none. */
export function figure(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
  const samples = readExposition(text).flatMap((family) => family.samples)
  return samples.find(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value
}

function belongs(name: string, { name: family, type }: ReadFamily): boolean {
  if (type !== 'histogram') return name === family
  return ['_bucket', '_sum', '_count'].some((end) => name === family + end)
}

function readSample(line: string): Sample {
  const whole = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line)
  if (!whole) throw new Error(`a line that is none: ${line}`)
  const [, name = '', inner = '', value = ''] = whole
  const labels: Record<string, string> = {}
  let rest = inner
  while (rest !== '') {
    const pair = /^([a-zA-Z_]\w*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/.exec(rest)
    if (!pair) throw new Error(`labels that are none: ${line}`)
    const [all, label = '', escaped = ''] = pair
    labels[label] = escaped.replace(/\\(.)/g, (_, sign) => (sign === 'n' ? '\n' : sign))
    rest = rest.slice(all.length)
  }
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value)
  if (Number.isNaN(number)) throw new Error(`a value that is none: ${line}`)
  return { name, labels, value: number }
}
