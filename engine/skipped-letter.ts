import type { Effect } from './decision.ts'

/** Tells those who may move a case of a letter that did not go; neither names a value. `seq` is that of its entry in the history. */
export function noticeOfSkipped(letter: string, number: string, seq: number, because: string): Effect {
  const text = {
    en: `The letter \`${letter}\` of case ${number} was not sent: ${because}`,
    pl: `List \`${letter}\` w sprawie ${number} nie został wysłany: ${because}`,
  }
  return { type: 'notify', to: { kind: 'movers' }, text, seq }
}

/** Why a letter to the one who has the case can't go. */
export const assignedToNobody = 'the case is assigned to nobody'
