import type { Key, ScalarForm, Shape } from '../shape.ts'
import { Source } from '../source.ts'
import { endingOfValue, type Values } from '../text/parse.ts'
import { isKeywordType, Word } from '../text/tokens.ts'
import type { Completion, Completions } from './completion.ts'
import { continuationOf } from './continuation.ts'
import { Offers, placeholder } from './offers.ts'
import { completeTemplate } from './template-completion.ts'
import { withoutTwins } from './text-completion.ts'
import { helpInExpression, wholePhrase } from './words.ts'
import type { WrittenWorkspace } from './workspace.ts'
import { healed } from './yaml-heal.ts'
import { placeInYaml, type YamlPlace } from './yaml-place.ts'
import { keysOf, withMissingKeys } from './yaml-sample.ts'

/** Completion in YAML: keys and words by the shapes, names by the resolver, and in a condition what a condition takes. */
export function completeYaml(workspace: WrittenWorkspace, source: Source, offset: number): Completions {
  const writing = new Writing(workspace, source, offset)
  return { start: writing.start, end: offset, items: writing.items() }
}

/** A file of which one word is being written. */
class Writing {
  readonly start: number
  readonly #workspace: WrittenWorkspace
  readonly #source: Source
  readonly #offset: number
  readonly #before: string
  readonly #after: string

  constructor(workspace: WrittenWorkspace, source: Source, offset: number) {
    const { text } = source
    this.#workspace = workspace
    this.#source = source
    this.#offset = offset
    this.start = offset - (/[\p{L}\p{N}_]*$/u.exec(text.slice(0, offset))?.[0].length ?? 0)
    this.#before = text.slice(0, this.start)
    this.#after = text.slice(offset).replace(/^[\p{L}\p{N}_]+/u, '')
  }

  items(): readonly Completion[] {
    const line = this.#before.slice(this.#before.lastIndexOf('\n') + 1)
    const mayBeKey = /^\s*(?:- +)*$|[{,[]\s*$/.test(line)
    const keys = mayBeKey ? this.#keys() : []
    const isItem = /-\s*$|[[,]\s*$/.test(line)
    return withoutTwins(keys.length > 0 && !isItem ? keys : [...this.#values(), ...keys])
  }

  /** What may stand here as a key. */
  #keys(): readonly Completion[] {
    const hasColon = /^ *:/.test(this.#after)
    const source = this.#with(hasColon ? placeholder : `${placeholder}: x`)
    const place = placeInYaml(source, this.start)
    if (!place?.keyOf) return []
    const { shape, keyOf: map } = place
    const present = keysOf(map)
    if (shape?.kind === 'map' && !shape.declares) {
      const names = this.#listen(withMissingKeys(source, place.records)).filter(({ label }) => !present.includes(label))
      return hasColon ? names : names.map((name) => ({ ...name, snippet: `${name.label}:${flowValue(shape.of)}` }))
    }
    if (shape?.kind !== 'record') return []
    const chosen = shape.one?.some((name) => present.includes(name)) ? shape.one : []
    return Object.entries(shape.keys)
      .filter(([name]) => !present.includes(name) && !chosen.includes(name))
      .map(([name, key]) => keyItem(name, key, hasColon ? undefined : map.flow === true))
  }

  /** What may stand here as a value, or as a part of one. */
  #values(): readonly Completion[] {
    const source = this.#with(placeholder)
    const place = placeInYaml(source, this.start)
    if (!place || place.keyOf || !place.shape) return []
    const shapes = scalarShapes(place.shape)
    const form = shapes.find((shape) => shape.kind === 'scalar')?.form
    if (form === 'template' || form === 'text') return this.#template(place)
    const words = shapes.flatMap((shape) => (shape.kind === 'word' ? shape.words : []))
    const kind = form && grammars[form]
    return [
      ...this.#names(source, place, kind),
      ...[...words, ...(form === 'flag' ? truths : [])].map((label): Completion => ({ label, kind: 'word' })),
      ...(kind ? this.#keywords(source, place, kind) : []),
    ]
  }

  #template({ scalar }: YamlPlace): readonly Completion[] {
    const start = scalar.range?.[0] ?? this.start
    return completeTemplate(this.#workspace, this.#source, { start, end: this.#source.text.length }, this.#offset).items
  }

  #names(source: Source, place: YamlPlace, kind: keyof Values | undefined): readonly Completion[] {
    const names = this.#listen(withMissingKeys(source, place.records))
    if (names.length > 0 || !kind) return names
    const { start, end } = innerOf(source, place)
    const said = source.text.slice(start, this.start + placeholder.length)
    const more = continuationOf((more) => {
      const text = said + more
      return endingOfValue(kind, new Source({ name: source.name, text }), 0, text.length)
    })
    const text = source.text.slice(0, this.start + placeholder.length) + more + source.text.slice(end)
    const whole = new Source({ name: source.name, text })
    return this.#listen(withMissingKeys(whole, placeInYaml(whole, this.start)?.records ?? []))
  }

  #keywords(source: Source, place: YamlPlace, kind: keyof Values): Completion[] {
    const { types } = endingOfValue(kind, source, innerOf(source, place).start, this.start)
    const words = types.filter(isKeywordType).map((type) => (type.LABEL ?? '').replaceAll('`', ''))
    return words.map((word) => {
      const label = kind === 'expression' && types.includes(Word) ? wholePhrase(word) : word
      const help = helpInExpression(label)
      return { label, kind: 'keyword', ...(help === undefined ? {} : { help }) }
    })
  }

  #listen(text: string): readonly Completion[] {
    const offers = new Offers()
    this.#workspace.listen(this.#source.name, text, offers)
    return offers.items
  }

  #with(written: string): Source {
    const text = this.#before + written + this.#after
    return healed(new Source({ name: this.#source.name, text }), this.start)
  }
}

const truths = ['true', 'false']

/** Scalars that a grammar of Zgoda text reads. */
const grammars: { readonly [form in ScalarForm]?: keyof Values } = {
  expression: 'expression',
  duration: 'duration',
  keep: 'keep',
  days: 'days',
}

function scalarShapes(shape: Shape): readonly Shape[] {
  if (shape.kind === 'list') return scalarShapes(shape.of)
  return shape.kind === 'either' ? shape.of.flatMap(scalarShapes) : [shape]
}

/** A scalar without its quotes. */
function innerOf(source: Source, { scalar }: YamlPlace): { start: number; end: number } {
  const [start, end] = scalar.range ?? [0, 0]
  const quoted = /["']/.test(source.text.charAt(start))
  return quoted ? { start: start + 1, end: end - 1 } : { start, end }
}

/** `inFlow` is absent where the key has its colon already. */
function keyItem(name: string, { shape, help }: Key, inFlow: boolean | undefined): Completion {
  return {
    label: name,
    kind: 'key',
    help,
    ...(inFlow === undefined ? {} : { snippet: `${name}:${inFlow ? flowValue(shape) : blockValue(shape)}` }),
  }
}

function flowValue(shape: Shape): string {
  if (shape.kind === 'list') return ' [$1]'
  return shape.kind === 'map' || shape.kind === 'record' ? ' { $1 }' : ' $1'
}

function blockValue(shape: Shape): string {
  if (shape.kind === 'map' || shape.kind === 'record') return '\n  $1'
  if (shape.kind === 'scalar' && shape.form === 'template') return ' |\n  $1'
  if (shape.kind !== 'list') return ' $1'
  return shape.of.kind === 'record' ? '\n  - $1' : ' [$1]'
}
