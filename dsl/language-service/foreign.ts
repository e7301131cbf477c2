import type { SourceFile } from '../source.ts'
import { workspaceShape } from '../workspace-shape.ts'

const topLevelKey = /^(?:"([^"\n]+)"|'([^'\n]+)'|([^\s#:'"{[%&*!|>@`-][^:#\n]*?))[ \t]*:(?=\s|$)/gm
const modeline = /^# yaml-language-server: \$schema=\S*workspace\.schema\.json/m

/** What a YAML file says at its top: declarations of a workspace, something else, or nothing yet. */
function standing(text: string): 'ours' | 'foreign' | 'blank' {
  if (modeline.test(text)) return 'ours'
  if (text.split('\n').every((line) => /^\s*(?:#|---|$)/.test(line))) return 'blank'
  const keys = [...text.matchAll(topLevelKey)].map((found) => found[1] ?? found[2] ?? found[3] ?? '')
  const known = keys.filter((key) => Object.hasOwn(workspaceShape.keys, key))
  return known.length > 0 && known.length * 2 >= keys.length ? 'ours' : 'foreign'
}

/**
 * The files of a folder that an editor takes for its workspace. A folder with Zgoda text in it is one, with all its YAML,
 * as `zgoda check` reads it. Without any, it may be any project: YAML that declares nothing of ours is left alone there.
 */
export function filesOfWorkspace<F extends SourceFile>(files: readonly F[]): readonly F[] {
  if (files.some(({ name }) => /\.zgoda$/i.test(name))) return files
  const standings = files.map(({ text }) => standing(text))
  if (!standings.includes('ours')) return []
  return files.filter((_, index) => standings[index] !== 'foreign')
}
