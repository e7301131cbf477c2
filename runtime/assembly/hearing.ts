import type { Directory } from '../identity/directory.ts'
import { describeError } from '../log.ts'
import type { Hearing } from '../nodes/channel.ts'
import type { Base } from './base.ts'
import type { Roads } from './roads.ts'

/** What this node does when another has changed what it may have at hand. */
export function hearing(
  { vault, versions, log }: Base,
  { changes }: Roads,
  directory: Directory,
  signedIn: readonly { forgetRead(): void }[],
): Hearing {
  const forgetSessions = () => {
    for (const sessions of signedIn) sessions.forgetRead()
  }
  const refreshVersions = () => {
    versions.refresh().catch((error) => log.debug(describeError(error), 'could not look which definition runs'))
  }
  const refreshNames = () => {
    directory.refresh().catch((error) => log.debug(describeError(error), 'names of people could not be read anew'))
  }
  return {
    onChange: (process, caseId) => changes.tell(process, caseId),
    onDefinition: refreshVersions,
    onErased: (clientId) => {
      vault.forget(clientId)
      forgetSessions()
    },
    onIdentity: (changed) => {
      forgetSessions()
      if (changed === 'people') refreshNames()
    },
    onMissed: () => {
      refreshVersions()
      vault.forgetAll()
      forgetSessions()
      refreshNames()
      changes.reload()
    },
  }
}
