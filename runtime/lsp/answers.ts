import {
  type Connection,
  type Location,
  ResponseError,
  type TextDocumentPositionParams,
} from 'vscode-languageserver/node'
import {
  complete,
  definitionsOf,
  fixes,
  folds,
  format,
  hover,
  outline,
  referencesTo,
  rename,
  renameable,
} from '../../dsl/language-service/index.ts'
import type { Located, Projects } from './projects.ts'
import { codeAction, completionItems, foldingRange, rangeOf, symbolOf, workspaceEdit } from './translate.ts'

/** The error code of a request that was understood and can't be met. */
const requestFailed = -32803

/** Answers an editor's questions by the language service. */
export function answer(connection: Connection, projects: Projects, hasSnippets: () => boolean): void {
  /** The file in question, once its workspace has been read. */
  const locate = async (uri: string): Promise<Located | undefined> => {
    await projects.configured
    const located = projects.locate(uri)
    await located?.project.ready
    return located
  }
  /** The same with an offset in it. */
  const place = async ({ textDocument, position }: TextDocumentPositionParams) => {
    const located = await locate(textDocument.uri)
    return located && { ...located, offset: located.project.document(located.name).offsetAt(position) }
  }

  connection.onCompletion(async (params) => {
    const at = await place(params)
    if (!at) return []
    const found = complete(at.project.workspace, at.name, at.offset)
    return completionItems(at.project.document(at.name), found, hasSnippets())
  })
  connection.onHover(async (params) => {
    const at = await place(params)
    const found = at && hover(at.project.workspace, at.name, at.offset)
    if (!at || !found) return null
    const range = rangeOf(at.project.document(at.name), found.start, found.end)
    return { contents: { kind: 'markdown' as const, value: found.text }, range }
  })
  connection.onDefinition(async (params) => {
    const at = await place(params)
    return at ? definitionsOf(at.project.workspace, at.name, at.offset).map((found) => locationOf(at, found)) : null
  })
  connection.onReferences(async (params) => {
    const at = await place(params)
    if (!at) return null
    return referencesTo(at.project.workspace, at.name, at.offset)
      .filter(({ declares }) => params.context.includeDeclaration || !declares)
      .map((found) => locationOf(at, found))
  })
  connection.onDocumentHighlight(async (params) => {
    const at = await place(params)
    if (!at) return null
    return referencesTo(at.project.workspace, at.name, at.offset)
      .filter(({ file }) => file === at.name)
      .map((found) => ({ range: locationOf(at, found).range }))
  })
  connection.onPrepareRename(async (params) => {
    const at = await place(params)
    const found = at && renameable(at.project.workspace, at.name, at.offset)
    return at && found ? rangeOf(at.project.document(at.name), found.start, found.end) : null
  })
  connection.onRenameRequest(async (params) => {
    const at = await place(params)
    if (!at) return null
    const renaming = rename(at.project.workspace, at.name, at.offset, params.newName)
    if ('refused' in renaming) return new ResponseError(requestFailed, renaming.refused)
    return workspaceEdit(at.project, renaming.edits)
  })
  connection.onDocumentSymbol(async ({ textDocument }) => {
    const file = await locate(textDocument.uri)
    if (!file) return null
    return outline(file.project.workspace, file.name).map((item) => symbolOf(file.project.document(file.name), item))
  })
  connection.onFoldingRanges(async ({ textDocument }) => {
    const file = await locate(textDocument.uri)
    return file ? folds(file.project.workspace, file.name).map(foldingRange) : null
  })
  connection.onDocumentFormatting(async ({ textDocument }) => {
    const file = await locate(textDocument.uri)
    const text = file && format(file.project.workspace, file.name)
    if (!file || text === undefined) return null
    const document = file.project.document(file.name)
    return [{ range: rangeOf(document, 0, document.getText().length), newText: text }]
  })
  connection.onCodeAction(async ({ textDocument, range }) => {
    const file = await locate(textDocument.uri)
    if (!file) return null
    const document = file.project.document(file.name)
    const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)]
    return fixes(file.project.workspace, file.name, start, end).map((fix) => codeAction(file.project, fix))
  })
}

function locationOf({ project }: Located, found: { file: string; start: number; end: number }): Location {
  return { uri: project.uri(found.file), range: rangeOf(project.document(found.file), found.start, found.end) }
}
