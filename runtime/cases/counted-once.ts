/**
 * Makes a write fail where this message has counted before, whoever or whatever lets it: claimed like a request that may
 * be repeated. Two nodes, two people or a person and the mailbox's own judgement can not count one message twice.
 */
export function countedOnce(caseId: string, key: Buffer, at: string) {
  return { case_id: caseId, caller: 'message', key: key.toString('hex'), body_hash: key.toString('base64'), at }
}
