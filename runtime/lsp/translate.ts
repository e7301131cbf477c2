import {
  type CodeAction,
  CodeActionKind,
  type CompletionItem,
  CompletionItemKind,
  DiagnosticSeverity,
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeKind,
  InsertTextFormat,
  type Diagnostic as LspDiagnostic,
  MarkupKind,
  type Range,
  SymbolKind,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import type { Diagnostic } from '../../dsl/index.ts'
import type { Completion, Completions, Edit, Fix, Fold, OutlineItem } from '../../dsl/language-service/index.ts'
import type { Project } from './project.ts'

/** What the language service says, in the words of the protocol. */

export function rangeOf(document: TextDocument, start: number, end: number): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) }
}

/** A problem with what to do about it, and the steps that show it. */
export function diagnosticOf(project: Project, problem: Diagnostic): LspDiagnostic {
  const { code, severity, message, hint, path, file } = problem
  const steps = path.map((step, index) => `${index + 1}. ${step}`)
  return {
    range: problemRange(project, problem, file),
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    source: 'zgoda',
    message: [message, ...(hint === undefined ? [] : [hint]), ...steps].join('\n'),
  }
}

function problemRange(project: Project, { line, column, endLine, endColumn }: Diagnostic, file: string): Range {
  const source = project.workspace.source(file)
  if (!source)
    return { start: { line: line - 1, character: column - 1 }, end: { line: endLine - 1, character: endColumn - 1 } }
  return rangeOf(project.document(file), source.offset(line, column), source.offset(endLine, endColumn))
}

export function completionItems(
  document: TextDocument,
  { start, end, items }: Completions,
  snippets: boolean,
): CompletionItem[] {
  const range = rangeOf(document, start, end)
  return items.map(({ label, kind, detail, help, snippet }, index) => {
    const newText = snippets ? (snippet ?? label) : label
    return {
      label,
      kind: completionKinds[kind],
      sortText: String(index).padStart(4, '0'),
      ...(detail === undefined ? {} : { detail }),
      ...(help === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: help } }),
      ...(snippets && snippet !== undefined ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
      textEdit: { range, newText },
    }
  })
}

const completionKinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  role: CompletionItemKind.Class,
  purpose: CompletionItemKind.Interface,
  letter: CompletionItemKind.File,
  document: CompletionItemKind.File,
  form: CompletionItemKind.Struct,
  process: CompletionItemKind.Module,
  webhook: CompletionItemKind.Event,
  table: CompletionItemKind.Function,
  field: CompletionItemKind.Field,
  stage: CompletionItemKind.EnumMember,
  signal: CompletionItemKind.Event,
  input: CompletionItemKind.Variable,
  word: CompletionItemKind.Value,
  keyword: CompletionItemKind.Keyword,
  key: CompletionItemKind.Property,
  function: CompletionItemKind.Function,
}

export function symbolOf(document: TextDocument, item: OutlineItem): DocumentSymbol {
  const { name, kind, detail, span, nameSpan, items } = item
  return {
    name,
    kind: symbolKinds[kind],
    ...(detail === undefined ? {} : { detail }),
    range: rangeOf(document, span.start, span.end),
    selectionRange: rangeOf(document, nameSpan.start, nameSpan.end),
    children: items.map((inner) => symbolOf(document, inner)),
  }
}

const symbolKinds: Readonly<Record<OutlineItem['kind'], SymbolKind>> = {
  company: SymbolKind.Package,
  hours: SymbolKind.Constant,
  role: SymbolKind.Class,
  purpose: SymbolKind.Interface,
  letter: SymbolKind.File,
  document: SymbolKind.File,
  form: SymbolKind.Struct,
  process: SymbolKind.Module,
  webhook: SymbolKind.Event,
  table: SymbolKind.Function,
  field: SymbolKind.Field,
  stage: SymbolKind.EnumMember,
}

export function foldingRange({ startLine, endLine, comment }: Fold): FoldingRange {
  return {
    startLine: startLine - 1,
    endLine: endLine - 1,
    ...(comment ? { kind: FoldingRangeKind.Comment } : {}),
  }
}

export function workspaceEdit(project: Project, edits: readonly Edit[]): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {}
  for (const { file, start, end, text } of edits) {
    const uri = project.uri(file)
    const list = changes[uri] ?? []
    changes[uri] = list
    list.push({ range: rangeOf(project.document(file), start, end), newText: text })
  }
  return { changes }
}

export function codeAction(project: Project, { title, problem, edit }: Fix): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnosticOf(project, problem)],
    isPreferred: true,
    edit: workspaceEdit(project, [edit]),
  }
}
