import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scenariosShape, schemaOf, workspaceShape } from '../dsl/index.ts'
import { textMateGrammar } from '../editors/textmate.ts'
import { fillTables } from './language-tables.ts'

/** The files that are made from the tables of the language, by their path in the repository. */
export async function generatedFiles(root: string): Promise<Readonly<Record<string, string>>> {
  return {
    'schema/workspace.schema.json': json(schemaOf(workspaceShape, 'A Zgoda workspace')),
    'schema/scenarios.schema.json': json(schemaOf(scenariosShape, 'Scenarios of a Zgoda process')),
    'editors/vscode/syntaxes/zgoda.tmLanguage.json': json(textMateGrammar()),
    'docs/language.md': fillTables(await readFile(join(root, 'docs/language.md'), 'utf8')),
  }
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
