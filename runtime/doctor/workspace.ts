import type { Definition } from '../../engine/definition.ts'
import { checkWorkspace } from '../checked-workspace.ts'
import { bad, type Finding, good } from './finding.ts'

export interface ExaminedWorkspace {
  readonly findings: readonly Finding[]
  readonly definition: Definition | undefined
}

/** Whether the workspace in a folder runs, and has the secrets that it names. */
export async function examineWorkspace(dir: string, isSet: (name: string) => boolean): Promise<ExaminedWorkspace> {
  const checked = await checkWorkspace(dir).catch(() => undefined)
  if (!checked || (checked.files.length === 0 && checked.problems.length === 0)) {
    const todo = 'name the folder of the workspace: `zgoda doctor DIR`'
    return { findings: [bad('workspace', `there is no workspace in \`${dir}\``, todo)], definition: undefined }
  }
  const { definition, problems } = checked
  const errors = problems.filter(({ severity }) => severity === 'error').length
  if (!definition) {
    const says = `${errors} ${errors === 1 ? 'mistake' : 'mistakes'}: it does not run`
    return { findings: [bad('workspace', says, `\`zgoda check ${dir}\` tells them`)], definition }
  }
  const count = Object.keys(definition.processes).length
  const sound = good('workspace', `passes the check: ${count} ${count === 1 ? 'process' : 'processes'}`)
  return { findings: [sound, ...secretsOf(definition, isSet)], definition }
}

function secretsOf({ webhooks }: Definition, isSet: (name: string) => boolean): Finding[] {
  return Object.values(webhooks).flatMap(({ name, secret }) => {
    if (secret === undefined) return []
    if (isSet(secret)) return [good('webhooks', `\`${name}\` has its secret in ${secret}`)]
    const todo = `set ${secret} to the secret that the receiver of \`${name}\` holds`
    return [bad('webhooks', `\`${name}\` is signed with ${secret}, which is not set`, todo)]
  })
}
