import { inLanguage } from '../../../engine/text.ts'
import { type Html, html, type Part } from '../html.ts'
import { type CountReason, countReasons, type LetterView, type MessageView } from '../ports.ts'
import { momentWords } from '../time-words.ts'
import { say } from '../words.ts'
import { csrfInput } from './layout.ts'
import { letterName, reason } from './names.ts'
import type { StaffVisit, Visit } from './visit.ts'

/** `file` is where it is kept as it came; `more` is what can be done with it. */
export function messageView(visit: Visit, message: MessageView, file: string, more: Part = false): Html {
  const { words, language } = visit
  const { id, at, counted, because, content, sha256 } = message
  return html`<details class="letter" id="message-${id}"><summary><strong>${content?.subject ?? words.contentErased}</strong>
<span class="badge ${counted ? 'given' : 'refused'}">${counted ? words.counted : words.notCounted}</span> <small><time datetime="${at}">${momentWords(at, language)}</time></small></summary>
<p class="because">${reason(visit, inLanguage(because, language))}</p>
${countedFor(visit, message)}
${content && html`<dl class="facts"><div><dt>${words.letterFrom}</dt><dd>${content.from}</dd></div></dl><div class="mail">${content.text}</div>`}
<div class="stack">${checksMade(visit, message)}
${sha256 && html`<p class="meta"><a href="${file}">${words.messageFile}</a> · ${words.messageHash} <code>${sha256}</code></p>`}
${more}</div></details>`
}

function countedFor({ words }: Visit, { countedFor }: MessageView): Html | false {
  if (!countedFor) return false
  const word = countWords[countedFor.reason as CountReason] ?? 'countedOther'
  return html`<p class="meta">${say(words.countedByHand, words[word])}: ${countedFor.note}</p>`
}

const checkWord = {
  form: 'checkForm',
  machine: 'checkMachine',
  letter: 'checkLetter',
  sender: 'checkSender',
  proof: 'checkProof',
  words: 'checkWords',
} as const
const resultWord = { holds: 'checkHolds', fails: 'checkFails', 'not made': 'checkNotMade' } as const

/** Each look that was taken at a message, with what came of it. */
function checksMade(visit: Visit, { checks }: MessageView): Html | false {
  const { words, language } = visit
  if (checks.length === 0) return false
  return html`<details><summary>${words.checksMade}</summary><dl class="facts">${checks.map(
    ({ check, result, because }) =>
      html`<div><dt>${words[checkWord[check]]}</dt><dd><span class="badge ${result === 'holds' ? 'given' : result === 'fails' ? 'refused' : ''}">${words[resultWord[result]]}</span> ${because && reason(visit, inLanguage(because, language))}</dd></div>`,
  )}</dl></details>`
}

const countWords = {
  confirmed: 'countedConfirmed',
  'other-address': 'countedOtherAddress',
  'on-behalf': 'countedOnBehalf',
  other: 'countedOther',
} as const

/** For those who may edit the case: lets a message count, for a reason. */
export function countForm(
  visit: StaffVisit,
  caseId: string,
  message: MessageView,
  letters: readonly LetterView[],
): Html {
  const { words } = visit
  const sent = letters.filter(({ status }) => status === 'sent')
  return html`<details id="count-${message.id}"><summary>${words.countIt}</summary>
<form method="post" action="/cases/${caseId}/messages/${message.id}/count" class="stack">${csrfInput(visit)}<p>${words.countLead}</p>
<label>${words.countReason}<select name="reason">${countReasons.map((reason) => html`<option value="${reason}">${words[countWords[reason]]}</option>`)}</select></label>
${!message.namesLetter && sent.length > 1 && html`<label>${words.countLetter}<select name="letter">${sent.map(({ id, name, content }) => html`<option value="${id}">${content?.subject ?? letterName(visit, name)}</option>`)}</select></label>`}
<label>${words.countNote}<textarea name="note" required minlength="3" maxlength="2000" rows="2"></textarea></label>
<p><button>${words.countButton}</button></p></form></details>`
}

/** The history holds the name of the reason alone: its words are the reader's. */
export function countedByHand({ words }: Visit, because: string): string | undefined {
  const name = /^counted by hand: ([a-z-]+)$/.exec(because)?.[1]
  const word = name && Object.hasOwn(countWords, name) ? countWords[name as CountReason] : undefined
  return word && say(words.countedByHand, words[word])
}
