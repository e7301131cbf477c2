import { type ChildProcess, spawn } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import {
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  type InitializeParams,
  InitializeRequest,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type Range,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node'

export interface Published {
  readonly uri: string
  readonly version?: number
  readonly diagnostics: readonly Diagnostic[]
}

/** A language client as editors have one, and `zgoda lsp` behind it as they start it. */
export class LanguageClient {
  readonly connection: ProtocolConnection
  readonly #server: ChildProcess
  readonly #published: Published[] = []
  readonly #waiting = new Set<() => void>()
  readonly #versions = new Map<string, number>()

  private constructor(server: ChildProcess) {
    this.#server = server
    if (!server.stdout || !server.stdin) throw new Error('the server has no standard input and output')
    this.connection = createProtocolConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    )
    this.connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.#published.push(params)
      for (const look of this.#waiting) look()
    })
    this.connection.listen()
  }

  /** Starts the server on folders. */
  static async start(folders: readonly string[], more: Partial<InitializeParams> = {}): Promise<LanguageClient> {
    const server = spawn(process.execPath, ['runtime/cli/zgoda.ts', 'lsp', '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const client = new LanguageClient(server)
    await client.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: folders.map((folder) => ({ uri: uriOf(folder), name: folder })),
      capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
      ...more,
    })
    await client.connection.sendNotification(InitializedNotification.type, {})
    return client
  }

  async open(path: string, text: string): Promise<void> {
    const uri = uriOf(path)
    const languageId = path.endsWith('.zgoda') ? 'zgoda' : 'yaml'
    this.#versions.set(uri, 1)
    const textDocument = { uri, languageId, version: 1, text }
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument })
  }

  /** Types into an open file; answers the version that it has then. */
  async type(path: string, range: Range, text: string): Promise<number> {
    const uri = uriOf(path)
    const version = (this.#versions.get(uri) ?? 0) + 1
    this.#versions.set(uri, version)
    const textDocument = { uri, version }
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument,
      contentChanges: [{ range, text }],
    })
    return version
  }

  /** The problems of a file, once those are sent that satisfy `wanted`. */
  async problems(path: string, wanted: (published: Published) => boolean = () => true): Promise<readonly Diagnostic[]> {
    const uri = uriOf(path)
    return new Promise((resolve) => {
      const look = () => {
        const found = this.#published.findLast((published) => published.uri === uri)
        if (!found || !wanted(found)) return
        this.#waiting.delete(look)
        resolve(found.diagnostics)
      }
      this.#waiting.add(look)
      look()
    })
  }

  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.#server.once('exit', resolve))
    await this.connection.sendRequest(ShutdownRequest.type)
    await this.connection.sendNotification(ExitNotification.type)
    const code = await ended
    this.connection.dispose()
    return code
  }
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href
}
