import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { z105 } from './checks/z105-file.ts'
import { type Diagnostic, diagnose, inOrder } from './diagnostic.ts'
import { Source, type SourceFile } from './source.ts'
import { readWorkspace, type Workspace } from './workspace.ts'

/** 1 MiB. */
const largest = 1024 * 1024
const deepestFolder = 32
const mostFiles = 10_000

export interface Folder {
  readonly files: readonly SourceFile[]
  /** Files that can't be read (Z105). */
  readonly problems: readonly Diagnostic[]
}

/** That the folder of a workspace can't be listed at all. */
export class NoSuchFolder extends Error {
  override readonly name = 'NoSuchFolder'
}

/**
 * The files of the workspace in `dir`: `*.zgoda`, `*.yaml` and `*.yml`, not `*.test.yaml`, dot-folders or
 * `node_modules`; or those that are `wanted` by their name. Links are not followed, so that a workspace stays inside its folder.
 */
export async function loadFolder(dir: string, wanted: (name: string) => boolean = isWorkspaceFile): Promise<Folder> {
  const paths = await list(dir, wanted)
  const files: SourceFile[] = []
  const problems: Diagnostic[] = []
  for (const path of paths.slice(0, mostFiles)) {
    const read = await loadFile(dir, relative(dir, path).split(sep).join('/'))
    if ('text' in read) files.push(read)
    else problems.push(read)
  }
  if (paths.length > mostFiles) {
    problems.push(unreadable('.', `a workspace has at most ${mostFiles} files`, 'check a smaller folder'))
  }
  return { files, problems }
}

/** One file of the workspace in `dir`, or why it can't be read (Z105). */
export async function loadFile(dir: string, name: string): Promise<SourceFile | Diagnostic> {
  const read = await readOne(join(dir, ...name.split('/')))
  return 'text' in read ? { name, text: read.text } : unreadable(name, read.problem, read.hint)
}

/** Reads and checks the workspace in `dir`. */
export async function checkFolder(dir: string): Promise<Workspace & { readonly files: readonly SourceFile[] }> {
  const folder = await loadFolder(dir)
  const workspace = readWorkspace(folder.files)
  const problems = inOrder([...folder.problems, ...workspace.problems])
  if (folder.problems.length > 0) return { problems, files: folder.files }
  return { ...workspace, problems, files: folder.files }
}

async function list(dir: string, wanted: (name: string) => boolean): Promise<string[]> {
  try {
    if (!(await stat(dir)).isDirectory()) throw new NoSuchFolder(`\`${dir}\` is a file; give the folder it stands in`)
  } catch (error) {
    if (error instanceof NoSuchFolder) throw error
    throw new NoSuchFolder(`\`${dir}\` can't be opened: ${reasonOf(error)}`)
  }
  const found: string[] = []
  await walk(dir, 0, wanted, found)
  return found.toSorted()
}

async function walk(dir: string, depth: number, wanted: (name: string) => boolean, found: string[]): Promise<void> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (found.length > mostFiles) return
    const path = join(dir, entry.name)
    const isFolder = entry.isDirectory() && !isSkipped(entry.name) && depth < deepestFolder
    if (isFolder) await walk(path, depth + 1, wanted, found)
    else if (entry.isFile() && wanted(entry.name)) found.push(path)
  }
}

function isSkipped(folder: string): boolean {
  return folder.startsWith('.') || folder === 'node_modules'
}

/** Whether a file of this name belongs to a workspace. */
export function isWorkspaceFile(name: string): boolean {
  return !name.startsWith('.') && /\.(zgoda|ya?ml)$/i.test(name) && !/\.test\.ya?ml$/i.test(name)
}

/** Whether a file of this name holds scenarios. */
export function isScenarioFile(name: string): boolean {
  return !name.startsWith('.') && /\.test\.ya?ml$/i.test(name)
}

/** Whether a file belongs to a workspace by where it lies in it: `name` is relative to the workspace, with `/`. */
export function liesInWorkspace(name: string): boolean {
  const folders = name.split('/')
  const file = folders.pop() ?? ''
  return folders.length <= deepestFolder && !folders.some(isSkipped) && isWorkspaceFile(file)
}

type Read = { readonly text: string } | { readonly problem: string; readonly hint?: string }

async function readOne(path: string): Promise<Read> {
  try {
    const { size } = await stat(path)
    if (size > largest) {
      return {
        problem: `the file is larger than 1 MiB (${size} bytes)`,
        hint: 'split it: files of a folder are merged',
      }
    }
    const bytes = await readFile(path)
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch (error) {
    if (error instanceof TypeError) return { problem: 'the file is not UTF-8 text', hint: 'save it as UTF-8' }
    return { problem: `the file can't be opened: ${reasonOf(error)}` }
  }
}

function unreadable(name: string, message: string, hint?: string): Diagnostic {
  return diagnose(z105, { source: new Source({ name, text: '' }), start: 0, end: 0 }, message, hint)
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ENOTDIR: 'a part of the path is no folder',
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? (code || 'unknown reason')
}
