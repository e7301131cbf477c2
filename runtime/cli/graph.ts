import { checkFolder } from '../../dsl/index.ts'
import type { Definition } from '../../engine/definition.ts'
import { oneOf, readArguments, short, suggestion, UsageError } from './usage.ts'
import { readDefinition } from './workspace.ts'

export const help = `zgoda graph [DIR] [--process P] [--to svg|dot|mermaid|xstate]

Draws the processes of the workspace in DIR (default: this folder): the stages, and every way a case can move, in plain
words. Prints to standard output: \`zgoda graph --to svg > processes.svg\`.

  --process P    draws process P alone; without it, all processes
  --to svg       a picture for browsers and documents, light and dark (the default); several processes one under another
  --to dot       Graphviz; several processes one graph after another
  --to mermaid   Mermaid, as Markdown pages show it; several processes side by side in one diagram
  --to xstate    the machine that runs the cases, as JSON for XState's createMachine and Stately's tools; one process

Exits with 0 when it has drawn, 1 where the workspace has errors, 2 where it could not run.`

type Draw = (definition: Definition, processes: readonly string[]) => Promise<string>

/** Each loads what it needs alone: Graphviz and XState are large. */
const notations: Readonly<Record<'svg' | 'dot' | 'mermaid' | 'xstate', Draw>> = {
  svg: async (definition, processes) => {
    const { toSvg } = await import('../../engine/render/svg.ts')
    return toSvg(await diagrams(definition, processes))
  },
  dot: async (definition, processes) => {
    const { toDot } = await import('../../engine/render/dot.ts')
    return (await diagrams(definition, processes)).map(toDot).join('\n')
  },
  mermaid: async (definition, processes) => {
    const { toMermaid } = await import('../../engine/render/mermaid.ts')
    return toMermaid(await diagrams(definition, processes))
  },
  xstate: async (definition, processes) => {
    const [process, ...more] = processes
    if (process === undefined || more.length > 0) {
      throw new UsageError(
        `an XState machine is one process: add \`--process P\`, where P is ${processes.join(' or ')}`,
      )
    }
    const { compile } = await import('../../engine/index.ts')
    const { toXStateConfig } = await import('../../engine/render/xstate-json.ts')
    return `${JSON.stringify(toXStateConfig(compile(definition, process)), null, 2)}\n`
  },
}

async function diagrams(definition: Definition, processes: readonly string[]) {
  const { diagramOf } = await import('../../engine/render/diagram.ts')
  return processes.map((process) => diagramOf(definition, process))
}

export async function run(args: readonly string[]): Promise<number> {
  const options = { process: { type: 'string' }, to: { type: 'string', default: 'svg' } } as const
  const { values, positionals } = readArguments(args, options, 1)
  const to = oneOf('to', values.to, Object.keys(notations) as (keyof typeof notations)[])
  const dir = positionals[0] ?? '.'
  // What can't be proved has a picture all the same: that is where its author sees why.
  const definition = await readDefinition(dir, checkFolder)
  if (!definition) return 1
  process.stdout.write(await notations[to](definition, chosen(definition, values.process, dir)))
  return 0
}

function chosen(definition: Definition, wanted: string | undefined, dir: string): readonly string[] {
  const names = Object.keys(definition.processes)
  if (names.length === 0)
    throw new UsageError(`the workspace in \`${dir}\` declares no process: there is nothing to draw`)
  if (wanted === undefined) return names
  if (names.includes(wanted)) return [wanted]
  const hint = suggestion(wanted, names) || `; there is ${names.join(', ')}`
  throw new UsageError(`the workspace has no process \`${short(wanted)}\`${hint}`)
}
