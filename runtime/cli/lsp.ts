import { readArguments } from './usage.ts'

export const help = `zgoda lsp

A language server for both notations, over standard input and output. Editors start it; it is of no use on a terminal.

It gives problems as you type with fixes for them, completion, hover, definitions, references, renaming across files and
both notations, outline, folding and formatting. A workspace is each folder that the editor has open, or, where the
setting \`zgoda.workspaces\` names folders in it, each of those.`

export async function run(args: readonly string[]): Promise<number> {
  const options = { stdio: { type: 'boolean' }, clientProcessId: { type: 'string' } } as const
  readArguments(args, options, 0)
  const { serve } = await import('../lsp/server.ts')
  await serve(process.stdin, process.stdout)
  return 0
}
