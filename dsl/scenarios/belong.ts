import type { Definition } from '../../engine/definition.ts'
import { type Diagnostic, inOrder } from '../diagnostic.ts'
import { type ParsedFile, parseFile, resolveFiles } from '../parsed-file.ts'
import type { SourceFile } from '../source.ts'

/** A workspace that scenarios are held against. */
export interface Held {
  /** Its folder, as files are named: '' for the one that all files lie in. */
  readonly folder: string
  /** Present where no problem is an error. */
  readonly definition?: Definition
  readonly problems: readonly Diagnostic[]
}

interface Room extends Held {
  readonly files: readonly ParsedFile[]
  /** Processes that it declares, those with mistakes too. */
  readonly processes: ReadonlySet<string>
}

/** The workspaces that a file of scenarios about `process` belongs to: several where subfolders say the same each by itself. */
export type Finder = (file: string, process: string) => readonly Held[]

/**
 * Finds workspaces among `files`. A file of scenarios belongs to the nearest folder above it that is a workspace by itself and
 * declares its process. Where a folder holds no file of a workspace directly and its subfolders declare the process each by
 * itself, it belongs to each of them. `unreadable` are files that could not be read at all.
 */
export function workspaceFinder(files: readonly SourceFile[], unreadable: readonly Diagnostic[]): Finder {
  const parse = once(parseFile)
  const roomAt = once((folder: string): Room => {
    const inside = files.filter(({ name }) => liesIn(folder, name)).map(parse)
    return roomOf(folder, inside, unreadable)
  })
  return (file, process) => {
    const way = foldersAbove(file).map(roomAt)
    for (const room of way) {
      const found = heldAt(room, process, roomAt)
      if (found.length > 0) return found
    }
    return blamed(way, process, roomAt)
  }
}

/** A function that works out each answer once. */
function once<K, V>(work: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    const value = known.get(key) ?? work(key)
    known.set(key, value)
    return value
  }
}

function roomOf(folder: string, files: readonly ParsedFile[], unreadable: readonly Diagnostic[]): Room {
  const lost = unreadable.filter(({ file }) => liesIn(folder, file))
  const { definition, problems } = resolveFiles(files)
  const all = inOrder([...lost, ...problems])
  const isSound = files.length > 0 && !all.some(({ severity }) => severity === 'error')
  return { folder, files, problems: all, processes: processesIn(files), ...(isSound && { definition }) }
}

function processesIn(files: readonly ParsedFile[]): ReadonlySet<string> {
  const declared = files.flatMap(({ tree }) => tree.declarations)
  return new Set(declared.flatMap((node) => (node.kind === 'process' && node.name ? [node.name.text] : [])))
}

function liesIn(folder: string, file: string): boolean {
  return folder === '' || file.startsWith(`${folder}/`)
}

/** From the folder that a file lies in to the one that all lie in. */
function foldersAbove(file: string): readonly string[] {
  const parts = file.split('/').slice(0, -1)
  return [...parts.keys(), parts.length].map((index) => parts.slice(0, parts.length - index).join('/'))
}

function heldAt(room: Room, process: string, roomAt: (folder: string) => Room): readonly Room[] {
  if (room.definition) return room.processes.has(process) ? [room] : []
  const declaring = partsOf(room, roomAt).filter(({ processes }) => processes.has(process))
  return declaring.some(({ definition }) => definition) ? declaring : []
}

/** Subfolders as workspaces of their own; none where files of a workspace lie beside them. */
function partsOf({ folder, files }: Room, roomAt: (folder: string) => Room): readonly Room[] {
  const inside = files.map(({ source }) => source.name.slice(folder === '' ? 0 : folder.length + 1))
  if (inside.some((name) => !name.includes('/'))) return []
  const parts = new Set(inside.map((name) => name.slice(0, name.indexOf('/'))))
  return [...parts].map((part) => roomAt(folder === '' ? part : `${folder}/${part}`))
}

/**
 * Where no sound workspace declares the process: the one with mistakes that would. A folder too many repeats declarations, so it
 * is the outermost without that. Else the nearest sound one, which the process may be misspelt for.
 */
function blamed(way: readonly Room[], process: string, roomAt: (folder: string) => Room): readonly Room[] {
  const rooms = way
    .flatMap((room) => [room, ...partsOf(room, roomAt)])
    .filter(({ files, problems }) => files.length > 0 || problems.length > 0)
  const broken = rooms.filter(({ definition }) => !definition)
  const declaring = broken.filter(({ processes }) => processes.has(process))
  const sound = rooms.find(({ definition }) => definition)
  const chosen = outermost(declaring) ?? sound ?? outermost(broken)
  return chosen ? [chosen] : []
}

function outermost(rooms: readonly Room[]): Room | undefined {
  return rooms.findLast(({ problems }) => problems.every(({ code }) => code !== 'Z104')) ?? rooms[0]
}
