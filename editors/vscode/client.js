const { workspace } = require('vscode')
const { LanguageClient } = require('vscode-languageclient/node')

let client

/** Starts `zgoda lsp` for Zgoda text, and for YAML where a folder holds Zgoda definitions. */
exports.activate = async () => {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath
  const path = workspace.getConfiguration('zgoda').get('path')
  const windows = process.platform === 'win32'
  const options = { ...(folder ? { cwd: folder } : {}), ...(windows ? { shell: true } : {}) }
  const server = path
    ? { command: path, args: ['lsp', '--stdio'], options }
    : { command: 'npx', args: ['--no', 'zgoda', 'lsp', '--stdio'], options }
  client = new LanguageClient('zgoda', 'Zgoda', server, {
    documentSelector: [
      { scheme: 'file', language: 'zgoda' },
      { scheme: 'untitled', language: 'zgoda' },
      { scheme: 'file', language: 'yaml' },
    ],
  })
  await client.start()
}

exports.deactivate = () => client?.stop()
