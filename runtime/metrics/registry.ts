/** More label sets than this of one figure are a mistake of whoever labels: what goes beyond is not counted. */
const most = 2_000

type Labels = readonly string[]

/** One figure, by label values. */
interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  lines(): Iterable<string>
}

/** Figures, written in Prometheus's text format 0.0.4. */
export class Registry {
  readonly #families: Family[] = []

  counter(name: string, help: string, labels: Labels = []): Counter {
    return this.#added(new Counter(name, help, labels))
  }

  gauge(name: string, help: string, labels: Labels = []): Gauge {
    return this.#added(new Gauge(name, help, labels))
  }

  /** `bounds` rise; a last one for everything above them is added. */
  histogram(name: string, help: string, bounds: readonly number[], labels: Labels = []): Histogram {
    return this.#added(new Histogram(name, help, bounds, labels))
  }

  names(): readonly string[] {
    return this.#families.map(({ name }) => name)
  }

  text(): string {
    const lines: string[] = []
    for (const family of this.#families) {
      const { name, help, type } = family
      lines.push(`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`, ...family.lines())
    }
    return `${lines.join('\n')}\n`
  }

  #added<T extends Family>(family: T): T {
    if (!/^[a-z_:][a-z0-9_:]*$/i.test(family.name)) throw new TypeError(`\`${family.name}\` is no name of a figure`)
    if (this.names().includes(family.name)) throw new TypeError(`\`${family.name}\` is taken`)
    this.#families.push(family)
    return family
  }
}

/** Single numbers by label values. */
class Numbers {
  readonly name: string
  readonly help: string
  protected readonly labels: Labels
  protected readonly values = new Map<string, number>()

  constructor(name: string, help: string, labels: Labels) {
    this.name = name
    this.help = help
    this.labels = labels
    if (labels.length === 0) this.values.set('', 0)
  }

  *lines(): Iterable<string> {
    for (const [key, value] of this.values) yield `${this.name}${labelled(this.labels, key)} ${written(value)}`
  }

  protected put(key: string, value: number): void {
    if (this.values.has(key) || this.values.size < most) this.values.set(key, value)
  }
}

/** What only grows. */
export class Counter extends Numbers implements Family {
  readonly type = 'counter'

  /** One more, of these label values, in the order of the labels. */
  add(...values: string[]): void {
    this.addMany(1, ...values)
  }

  /** So many more. */
  addMany(count: number, ...values: string[]): void {
    const key = values.join(between)
    this.put(key, (this.values.get(key) ?? 0) + count)
  }

  /** For a count that something else keeps. */
  setTotal(total: number, ...values: string[]): void {
    this.put(values.join(between), total)
  }
}

/** What goes up and down. */
export class Gauge extends Numbers implements Family {
  readonly type = 'gauge'

  set(value: number, ...values: string[]): void {
    this.put(values.join(between), value)
  }

  /** Forgets what was set, so that what is gone is not shown for ever. */
  clear(): void {
    this.values.clear()
  }
}

interface Observed {
  readonly counts: Float64Array
  sum: number
}

/** How often a number was how large. */
export class Histogram implements Family {
  readonly type = 'histogram'
  readonly name: string
  readonly help: string
  readonly #bounds: readonly number[]
  readonly #labels: Labels
  readonly #observed = new Map<string, Observed>()

  constructor(name: string, help: string, bounds: readonly number[], labels: Labels) {
    this.name = name
    this.help = help
    this.#bounds = bounds
    this.#labels = labels
  }

  observe(value: number, ...values: string[]): void {
    const observed = this.#of(values.join(between))
    if (!observed) return
    let at = 0
    while (at < this.#bounds.length && value > (this.#bounds[at] as number)) at += 1
    observed.counts[at] = (observed.counts[at] as number) + 1
    observed.sum += value
  }

  *lines(): Iterable<string> {
    for (const [key, { counts, sum }] of this.#observed) {
      let total = 0
      for (const [at, count] of counts.entries()) {
        total += count
        const bound = written(this.#bounds[at] ?? Number.POSITIVE_INFINITY)
        yield `${this.name}_bucket${labelled(this.#labels, key, `le="${bound}"`)} ${total}`
      }
      yield `${this.name}_sum${labelled(this.#labels, key)} ${written(sum)}`
      yield `${this.name}_count${labelled(this.#labels, key)} ${total}`
    }
  }

  #of(key: string): Observed | undefined {
    const known = this.#observed.get(key)
    if (known || this.#observed.size >= most) return known
    const made = { counts: new Float64Array(this.#bounds.length + 1), sum: 0 }
    this.#observed.set(key, made)
    return made
  }
}

/** No label value holds it. */
const between = '\u001f'

function labelled(names: Labels, key: string, last?: string): string {
  const values = key.split(between)
  const pairs = names.map((name, at) => `${name}="${escaped(values[at] ?? '').replaceAll('"', '\\"')}"`)
  const all = last === undefined ? pairs : [...pairs, last]
  return all.length === 0 ? '' : `{${all.join(',')}}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function written(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}
