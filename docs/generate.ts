import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { generatedFiles } from './generated.ts'

/** Writes every file that is made from the tables of the language; `npm run generate`. */
const root = join(import.meta.dirname, '..')
for (const [name, text] of Object.entries(await generatedFiles(root))) {
  const path = join(root, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  process.stdout.write(`${name}\n`)
}
