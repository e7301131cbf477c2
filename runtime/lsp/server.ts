import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import {
  type Connection,
  createConnection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { answer } from './answers.ts'
import { Projects, pathOf } from './projects.ts'
import { Publisher } from './publisher.ts'

/** Speaks the language server protocol over two streams until the editor goes. */
export async function serve(input: Readable, output: Writable): Promise<void> {
  const connection = createConnection(input, output)
  new Server(connection).listen()
  await once(input, 'close')
}

class Server {
  readonly #connection: Connection
  readonly #documents = new TextDocuments(TextDocument)
  readonly #projects = new Projects()
  readonly #publisher: Publisher
  #params: InitializeParams | undefined
  #folders: readonly string[] = []

  constructor(connection: Connection) {
    this.#connection = connection
    this.#publisher = new Publisher(connection)
  }

  listen(): void {
    const connection = this.#connection
    connection.onInitialize((params) => this.#initialize(params))
    connection.onInitialized(() => this.#start())
    connection.onDidChangeConfiguration(() => this.#configure())
    connection.onDidChangeWatchedFiles(({ changes }) => this.#refresh(changes))
    this.#documents.onDidChangeContent(({ document }) => this.#take(document))
    this.#documents.onDidClose(({ document }) => this.#close(document))
    answer(connection, this.#projects, () => hasSnippets(this.#params))
    this.#documents.listen(connection)
    connection.listen()
  }

  #initialize(params: InitializeParams): InitializeResult {
    this.#params = params
    const roots = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : [])
    this.#folders = roots.flatMap((uri) => pathOf(uri) ?? [])
    return { capabilities, serverInfo: { name: 'zgoda' } }
  }

  async #start(): Promise<void> {
    await this.#configure()
    const { workspace } = this.#params?.capabilities ?? {}
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      const watchers = [{ globPattern: '**/*.{zgoda,yaml,yml}' }]
      await this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers })
    }
    if (workspace?.didChangeConfiguration?.dynamicRegistration) {
      await this.#connection.client.register(DidChangeConfigurationNotification.type, { section: 'zgoda' })
    }
    if (workspace?.workspaceFolders) {
      this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => pathOf(uri)))
        const come = added.flatMap(({ uri }) => pathOf(uri) ?? [])
        this.#folders = [...this.#folders.filter((folder) => !gone.has(folder)), ...come]
        return this.#configure()
      })
    }
  }

  /** Reads the setting anew, and everything with it. */
  async #configure(): Promise<void> {
    const asks = this.#params?.capabilities.workspace?.configuration
    const settings: unknown = asks
      ? await this.#connection.workspace.getConfiguration('zgoda')
      : this.#params?.initializationOptions
    this.#open(namedIn(settings))
  }

  #open(named: readonly string[]): void {
    const dirs = this.#folders.flatMap((folder) =>
      named.length === 0 ? [folder] : named.map((name) => resolve(folder, name)),
    )
    this.#publisher.clear()
    this.#projects.configure(dirs)
    for (const document of this.#documents.all()) this.#take(document)
    for (const project of this.#projects.all) this.#publisher.soon(project)
  }

  #take(document: TextDocument): void {
    const located = this.#projects.isConfigured ? this.#projects.locate(document.uri) : undefined
    if (!located) return
    located.project.open(located.name, document)
    this.#publisher.soon(located.project)
  }

  #close(document: TextDocument): void {
    const located = this.#projects.locate(document.uri)
    if (!located) return
    located.project.close(located.name)
    this.#publisher.soon(located.project)
  }

  async #refresh(changes: readonly { readonly uri: string; readonly type: FileChangeType }[]): Promise<void> {
    for (const { uri, type } of changes) {
      const located = type === FileChangeType.Deleted ? this.#projects.folderOf(uri) : this.#projects.locate(uri)
      if (!located) continue
      if (type === FileChangeType.Deleted) located.project.remove(located.name)
      else await located.project.refresh(located.name)
      this.#publisher.soon(located.project)
    }
  }
}

function hasSnippets(params: InitializeParams | undefined): boolean {
  return params?.capabilities.textDocument?.completion?.completionItem?.snippetSupport === true
}

/** The folders that the setting names; none stands for each folder as a whole. */
function namedIn(settings: unknown): readonly string[] {
  const named = settings && typeof settings === 'object' && 'workspaces' in settings ? settings.workspaces : undefined
  return Array.isArray(named) ? named.filter((name) => typeof name === 'string') : []
}

const capabilities: InitializeResult['capabilities'] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  completionProvider: { triggerCharacters: [' ', '.', '('] },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  documentFormattingProvider: true,
  foldingRangeProvider: true,
  codeActionProvider: { codeActionKinds: ['quickfix'] },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
}
