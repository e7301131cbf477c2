import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isWorkspaceFile, liesInWorkspace } from '../../dsl/index.ts'
import { Project } from './project.ts'

/** A file in the workspace that it belongs to. */
export interface Located {
  readonly project: Project
  readonly name: string
}

/**
 * The workspaces of an editor, one for each folder. A file belongs to the nearest folder around it; one that lies outside
 * of all of them is in a workspace with the files beside it, one that was never saved in one of its own.
 */
export class Projects {
  readonly #projects = new Map<string, Project>()
  readonly #loose = new Map<string, Project>()
  readonly #configured = Promise.withResolvers<void>()
  #dirs: readonly string[] = []
  isConfigured = false

  /** Resolves when the folders are known for the first time. */
  get configured(): Promise<void> {
    return this.#configured.promise
  }

  /** Takes the folders; what was known of others is forgotten. */
  configure(dirs: readonly string[]): void {
    this.#dirs = [...new Set(dirs.map((dir) => resolve(dir)))].toSorted((a, b) => b.length - a.length)
    this.isConfigured = true
    this.#configured.resolve()
    this.#projects.clear()
    this.#loose.clear()
    for (const dir of this.#dirs) {
      this.#projects.set(dir, new Project(dir, 'all', (name) => this.#nearest(resolve(dir, name)) === dir))
    }
  }

  get all(): readonly Project[] {
    return [...this.#projects.values(), ...this.#loose.values()]
  }

  /** The workspace of a file, and its name there; nothing for what is part of none. */
  locate(uri: string): Located | undefined {
    const path = pathOf(uri)
    const dir = path === undefined ? undefined : this.#nearest(path)
    if (path === undefined || dir === undefined) return this.#locateLoose(uri, path)
    const name = relative(dir, path).split(sep).join('/')
    const project = this.#projects.get(dir)
    return project && liesInWorkspace(name) ? { project, name } : undefined
  }

  /** Where a folder or file lies, whatever its name. */
  folderOf(uri: string): Located | undefined {
    const path = pathOf(uri)
    const dir = path === undefined ? undefined : this.#nearest(path)
    const project = dir === undefined ? undefined : this.#projects.get(dir)
    return path !== undefined && dir !== undefined && project
      ? { project, name: relative(dir, path).split(sep).join('/') }
      : undefined
  }

  #locateLoose(uri: string, path: string | undefined): Located | undefined {
    const name = path === undefined ? uri : basename(path)
    if (path !== undefined && !isWorkspaceFile(name)) return undefined
    const dir = path === undefined ? uri : dirname(path)
    let project = this.#loose.get(dir)
    if (!project) {
      project = new Project(dir, path === undefined ? 'nothing' : 'files')
      this.#loose.set(dir, project)
    }
    return { project, name }
  }

  #nearest(path: string): string | undefined {
    return this.#dirs.find((dir) => isInside(dir, path))
  }
}

function isInside(dir: string, path: string): boolean {
  const way = relative(dir, path)
  return way !== '' && !way.startsWith(`..${sep}`) && way !== '..' && !isAbsolute(way)
}

/** The path of a file; nothing for what has not been saved. */
export function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined
  } catch {
    return undefined
  }
}
