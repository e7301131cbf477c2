import type { Clock } from '../clock.ts'
import { type Config, isSet, readConfig, secretFiles } from '../config.ts'
import { OperatorError } from '../operator-error.ts'
import { examineDatabase } from './database.ts'
import { examineDkim, type ResolveTxt } from './dkim.ts'
import { bad, type Finding, good } from './finding.ts'
import { examineReceiving, examineSending } from './mail.ts'
import { examineAddress, examineData, examineSecretFiles } from './place.ts'
import { examineWorkspace } from './workspace.ts'

/** Looks at every part of an installation. Changes nothing. */
export async function examine(
  dir: string,
  { clock, resolveTxt }: { readonly clock: Clock; readonly resolveTxt: ResolveTxt },
): Promise<Finding[]> {
  const node = good('node', `Node ${process.versions.node}`)
  const config = settings()
  const { findings, definition } = await examineWorkspace(dir, isSet)
  if ('state' in config) return [node, config, ...findings]
  const parts = await Promise.all([
    examineDatabase(config, clock),
    examineSending(config, definition?.company?.email),
    examineReceiving(config),
    examineDkim(config.dkim, config.smtpUrl, resolveTxt),
    examineData(config),
    examineSecretFiles(secretFiles()),
  ])
  const sound = good('settings', 'each can be read')
  return [node, sound, ...findings, examineAddress(config), ...parts.flat()]
}

function settings(): Config | Finding {
  try {
    return readConfig()
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return bad('settings', error.message, 'put it right, and run this again: nothing else is looked at before')
  }
}
