import {
  type CompletionContext,
  type CompletionResult,
  type CompletionSource,
  type Completion as EditorCompletion,
  snippetCompletion,
} from '@codemirror/autocomplete'
import type { Completion, Completions } from '../../dsl/language-service/completion.ts'

/** What may be written at an offset of a text: the language service's answer, from wherever it runs. */
export type Ask = (text: string, offset: number) => Completions | Promise<Completions>

/** CodeMirror's completion from what `ask` answers; asked as a word is begun, after a space or `.`, or on demand. */
export function zgodaCompletion(ask: Ask): CompletionSource {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    if (!context.explicit && !context.matchBefore(/[\p{L}\p{N}_]+|[ .(]/u)) return null
    const { start, items } = await ask(context.state.doc.toString(), context.pos)
    if (context.aborted || items.length === 0) return null
    return { from: start, options: items.map(optionOf), validFor: /^[\p{L}\p{N}_]*$/u }
  }
}

function optionOf(item: Completion, index: number): EditorCompletion {
  const option: EditorCompletion = {
    label: item.label,
    type: looks[item.kind] ?? 'text',
    boost: -index,
    ...(item.detail === undefined ? {} : { detail: item.detail }),
    ...(item.help === undefined ? {} : { info: item.help }),
  }
  return item.snippet === undefined ? option : snippetCompletion(templateOf(item.snippet), option)
}

/** CodeMirror writes `$1` as `${1}`. */
function templateOf(snippet: string): string {
  return snippet.replace(/\$(\d)/g, '$${$1}')
}

const looks: { readonly [kind in Completion['kind']]?: string } = {
  keyword: 'keyword',
  key: 'property',
  field: 'property',
  input: 'variable',
  function: 'function',
  table: 'function',
  word: 'constant',
  stage: 'enum',
  role: 'class',
  purpose: 'interface',
  process: 'namespace',
}
