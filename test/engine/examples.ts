import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readWorkspace } from '../../dsl/index.ts'
import type { Definition } from '../../engine/index.ts'

/** An example workspace as its text is read, from its folder under `examples/`. */
export function readExample(folder: string): Definition {
  const root = join(import.meta.dirname, '../../examples', folder)
  const names = readdirSync(root).filter((name) => name.endsWith('.zgoda'))
  const { definition, problems } = readWorkspace(
    names.map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') })),
  )
  if (!definition) throw new Error(`examples/${folder} has problems: ${JSON.stringify(problems)}`)
  return definition
}
