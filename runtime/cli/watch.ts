import { basename, resolve } from 'node:path'
import { watch } from 'chokidar'

/** Editors write a file in several steps; what happens within this time is one change. */
const quiet = 150

/**
 * Calls `look` at once, then again whenever files in `dir` that are `wanted` by their name have changed, come or gone, and never
 * twice at the same time. Ends when `until` does; what `look` throws ends it too.
 */
export async function watchFolder(
  dir: string,
  wanted: (name: string) => boolean,
  look: () => Promise<void>,
  until: Promise<void>,
): Promise<void> {
  const changes = new Changes()
  const root = resolve(dir)
  const watcher = watch(root, { ignoreInitial: true, followSymlinks: false, ignored: isElsewhere(root, wanted) })
  watcher.on('all', () => changes.note())
  // A folder that can't be listed for a moment comes back with its next change.
  watcher.on('error', () => changes.note())
  await new Promise((ready) => watcher.once('ready', () => ready(undefined)))
  void until.then(() => changes.stop())
  try {
    do await look()
    while (await changes.next())
  } finally {
    await watcher.close()
  }
}

/** What does not matter: dot-folders, `node_modules`, and files of other kinds, such as a report written there. */
function isElsewhere(root: string, wanted: (name: string) => boolean) {
  return (path: string, stats?: { isFile(): boolean }): boolean => {
    if (path === root) return false
    const name = basename(path)
    if (stats?.isFile()) return !wanted(name)
    return name.startsWith('.') || name === 'node_modules'
  }
}

/** Changes seen since the last look, waited for one after another. */
class Changes {
  #noted = false
  #stopped = false
  #wake: (() => void) | undefined

  note(): void {
    this.#noted = true
    this.#wake?.()
  }

  stop(): void {
    this.#stopped = true
    this.#wake?.()
  }

  /** Waits until something has changed and things are quiet again; false once stopped. */
  async next(): Promise<boolean> {
    while (!this.#noted && !this.#stopped) await this.#waked()
    while (this.#noted && !this.#stopped) {
      this.#noted = false
      await this.#waked(quiet)
    }
    return !this.#stopped
  }

  #waked(most?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = most === undefined ? undefined : setTimeout(resolve, most)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
