import { inLanguage } from '../../../engine/text.ts'
import { type Html, html, type Part } from '../html.ts'
import { byMachine, deliveryWord, headlines, kindOf, type MessageKind } from '../message-words.ts'
import type { CaseView, Correspondence, Desk, FileRef, LetterView, MessageView } from '../ports.ts'
import { ageWords, momentWords } from '../time-words.ts'
import { say, type Word } from '../words.ts'
import { countForm, evidence } from './message-evidence.ts'
import { letterName, purposeName, reason, stageName } from './names.ts'
import type { StaffVisit, Visit } from './visit.ts'

/** Characters of a letter that are shown without asking. */
const shownAtOnce = 700

type Item =
  | { readonly at: string; readonly letter: LetterView }
  | { readonly at: string; readonly message: MessageView }

/** The case's letters and messages as one thread, newest first; what machines sent stands small among them. */
export function conversation(
  visit: StaffVisit,
  view: CaseView,
  talk: Correspondence,
  { desk, mayCount }: { readonly desk: Desk; readonly mayCount: boolean },
): Html {
  const { words, ctx } = visit
  const items: Item[] = [
    ...talk.letters.map((letter) => ({ at: letter.at, letter })),
    ...talk.messages.map((message) => ({ at: message.at, message })),
  ]
  items.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
  const subjects = new Map(talk.letters.map((letter) => [letter.id, subjectOf(visit, letter)]))
  const thread: Thread = { view, subjects, letters: talk.letters, mayAnswer: !desk.because, mayCount }
  return html`<section id="conversation" data-live class="panel stack" aria-labelledby="conversation-title">
<div class="title-row"><h2 id="conversation-title">${words.conversation}</h2>${items.length > 1 && html`<small>${words.newestFirst}</small>`}</div>
${desk.writers.map((writer) => writing(visit, writer))}
${
  items.length === 0
    ? html`<p class="empty">${words.noConversation}</p>`
    : html`<ol class="talk">${items.map((item) => ('letter' in item ? letterItem(visit, view.id, item.letter) : messageItem(visit, item.message, thread)))}</ol>`
}
${ctx.query.earlier !== undefined && html`<p><a href="/cases/${view.id}#conversation">${words.backToNewest}</a></p>`}
${talk.next && html`<p><a class="button" href="/cases/${view.id}?earlier=${encodeURIComponent(talk.next)}#conversation">${words.showEarlier}</a></p>`}
</section>`
}

function writing({ words, site, language }: Visit, { name, at }: Desk['writers'][number]): Html {
  const age = ageWords(at, site.clock.now(), language)
  return html`<p class="writer">${icon('pen')} ${say(words.isWriting, name, age)}</p>`
}

const statusWords: Readonly<Record<string, Word>> = {
  waiting: 'statusWaiting',
  sent: 'statusSent',
  skipped: 'statusSkipped',
  failed: 'statusFailed',
  bounced: 'statusBounced',
}

/** Where a letter stands; a status that this page does not know is shown by its own name. */
export function statusBadge({ words }: Visit, status: string): Html {
  const word = statusWords[status]
  return html`<span class="badge ${status}">${word ? words[word] : status}</span>`
}

function subjectOf(visit: Visit, { content, name }: LetterView): string {
  return content?.subject ?? letterName(visit, name)
}

function letterItem(visit: Visit, caseId: string, letter: LetterView): Html {
  const { words } = visit
  const { id, at, status, because, by, content } = letter
  const troubled = ['skipped', 'failed', 'bounced'].includes(status)
  return html`<li class="talk-item out${troubled && ' troubled'}" id="letter-${id}"><article>
<header>${icon('out')}<h3>${subjectOf(visit, letter)}</h3>${statusBadge(visit, status)}</header>
<p class="talk-meta">${content && html`${words.letterTo}: ${content.to} · `}${by === undefined ? words.automaticLetter : say(words.writtenBy, by)} · ${moment(visit, at)}</p>
${because && html`<p class="because">${reason(visit, because)}</p>`}
${letter.againAt && html`<p class="hint">${say(words.triedAgainAt, momentWords(letter.againAt, visit.language))}${letter.tries && ` · ${say(words.triesSoFar, letter.tries)}`}</p>`}
${content ? letterText(visit, content.text) : html`<p class="empty">${words.contentErased}</p>`}
${content && letterFiles(visit, `/cases/${caseId}/letters/${id}/files`, content)}
</article></li>`
}

/** Long ones begin, and open to the whole. */
function letterText({ words }: Visit, text: string, more = words.showWhole): Html {
  if (text.length <= shownAtOnce) return html`<div class="mail">${text}</div>`
  const cut = text.slice(0, shownAtOnce / 2)
  const begun = cut.slice(0, Math.max(cut.lastIndexOf(' '), cut.lastIndexOf('\n'), 1))
  return html`<details class="whole"><summary><span class="mail begun">${begun} …</span><span class="more">${more}</span></summary><div class="mail">${text}</div></details>`
}

function letterFiles(
  visit: Visit,
  address: string,
  { attachments, files = [] }: NonNullable<LetterView['content']>,
): Html {
  const { words } = visit
  if (attachments.length === 0) return html``
  const written = attachments.slice(0, attachments.length - files.length)
  return html`<div class="talk-files">${icon('clip')}<span class="visually-hidden">${words.attachments}:</span><ul>${written.map((name) => html`<li>${name} (PDF)</li>`)}${fileLinks(visit, files, address)}</ul></div>`
}

function messageFiles(visit: Visit, address: string, files: readonly FileRef[]): Html {
  if (files.length === 0) return html``
  return html`<div class="talk-files">${icon('clip')}<span class="visually-hidden">${visit.words.attachments}:</span><ul>${fileLinks(visit, files, address)}</ul></div>`
}

function fileLinks({ language }: Visit, files: readonly FileRef[], address: string): readonly Html[] {
  return files.map(
    ({ name, type, size }, position) =>
      html`<li><a href="${address}/${position}">${name || type}</a> <small>${sizeWords(size, language)}</small></li>`,
  )
}

export function sizeWords(bytes: number, language: string): string {
  const [amount, unit] = bytes < 1e6 ? [Math.max(bytes / 1e3, 0.1), 'kilobyte'] : [bytes / 1e6, 'megabyte']
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 }).format(amount)
}

/** The case that a message is shown in, and what may be done with it there. */
interface Thread {
  readonly view: CaseView
  readonly subjects: ReadonlyMap<string, string>
  readonly letters: readonly LetterView[]
  readonly mayAnswer: boolean
  readonly mayCount: boolean
}

function messageItem(visit: StaffVisit, message: MessageView, thread: Thread): Html {
  const { view, subjects, letters, mayAnswer, mayCount } = thread
  const kind = kindOf(message)
  const verdict = verdictOf(visit, kind, message, thread)
  const file = `/cases/${view.id}/messages/${message.id}`
  if (byMachine(kind)) return machineItem(visit, file, message, verdict, subjects.get(message.answers ?? ''))
  const { words } = visit
  const { id, at, because, content } = message
  const { earlier } = visit.ctx.query
  const part = typeof earlier === 'string' ? `earlier=${encodeURIComponent(earlier)}&` : ''
  const answerable = mayAnswer && content && ['counted', 'stranger', 'unchanged', 'kept'].includes(kind)
  return html`<li class="talk-item in ${kind}" id="message-${id}"><article>
<p class="verdict">${icon(signs[kind])}<strong>${verdict.title}</strong>${verdict.more}</p>
<header>${icon('in')}<h3>${content?.subject || words.noSubject}</h3></header>
<p class="talk-meta">${content?.from && html`${words.letterFrom}: ${content.from} · `}${moment(visit, at)}${message.byHand && html` · <span class="tag">${words.messagePutHere}</span>`}</p>
${content ? messageText(visit, file, content) : html`<p class="empty">${words.contentErased}</p>`}
${content && messageFiles(visit, `${file}/files`, content.attachments)}
<div class="talk-foot">${answerable && html`<a class="button" href="/cases/${view.id}?${part}answer=${id}#write">${words.answerIt}</a>`}
<details class="why" id="why-${id}"><summary>${words.whyTitle}</summary><p class="because">${inWords(visit, because)}</p>${evidence(visit, message, file)}</details>
${mayCount && message.mayCount && countForm(visit, view.id, message, letters)}</div>
</article></li>`
}

/** Small and grey: a sign, one line, and all of it behind that line. */
function machineItem(
  visit: Visit,
  file: string,
  message: MessageView,
  verdict: Verdict,
  about: string | undefined,
): Html {
  const { words } = visit
  const kind = kindOf(message)
  const { id, at, because, content } = message
  return html`<li class="talk-item machine ${kind}" id="message-${id}"><details><summary>${icon(signs[kind])}<span class="machine-line">${verdict.title}</span> <small>${about !== undefined && html`“${about}” · `}${moment(visit, at)}</small></summary>
<p class="because">${inWords(visit, because)}</p>
${content && html`<p class="talk-meta">${content.from && html`${words.letterFrom}: ${content.from} · `}${content.subject}</p>`}
${content && messageText(visit, file, content)}
${content && messageFiles(visit, `${file}/files`, content.attachments)}
${evidence(visit, message, file)}</details></li>`
}

interface Verdict {
  readonly title: string
  readonly more?: Part
}

type Within = Pick<Thread, 'view' | 'subjects'>

function verdictOf(visit: Visit, kind: MessageKind, message: MessageView, within?: Within): Verdict {
  const { words } = visit
  if (kind === 'counted') return countedWords(visit, message, within)
  if (kind === 'bounce') {
    const code = message.content?.delivery
    const why = words[deliveryWord(code)]
    return { title: say(words.messageBounce, code ? `${why} (${code})` : why) }
  }
  const hints: { readonly [one in MessageKind]?: Word } = {
    forged: 'messageForgedHint',
    stranger: 'messageStrangerHint',
  }
  const hint = hints[kind]
  const title = words[headlines[kind]]
  return hint ? { title, more: html`<span class="verdict-more">${words[hint]}</span>` } : { title }
}

/** What it answers, and what came of it. */
function countedWords(visit: Visit, { answers, outcome, why }: MessageView, within?: Within): Verdict {
  const { words } = visit
  const subject = within?.subjects.get(answers ?? '') ?? letterName(visit, why?.name ?? '')
  const title = say(words.countsAsAnswer, subject)
  if (!outcome || !within) return { title }
  const process = within.view.process.name
  const came = [
    ...outcome.consents.map(({ purpose, decision }) =>
      say(words.consentIs, purposeName(visit, purpose), words[decision]),
    ),
    outcome.to === undefined ? words.changedNoStage : say(words.movedCaseTo, stageName(visit, process, outcome.to)),
  ]
  return { title, more: html`<span class="verdict-more">→ ${came.join(' · ')}</span>` }
}

function messageText(visit: Visit, address: string, content: NonNullable<MessageView['content']>): Html {
  const { words } = visit
  const { own, text, html: formatted } = content
  const folded = own.replace(/\s+/g, '') !== text.replace(/\s+/g, '')
  return html`${own ? letterText(visit, own, words.showMessage) : html`<p class="empty">${words.noOwnWords}</p>`}
${folded && html`<details class="quoted"><summary>${words.showQuoted}</summary><div class="mail">${text}</div></details>`}
${formatted && address !== '' && html`<details class="formatted"><summary>${words.showFormatted}</summary><iframe src="${address}/page" sandbox="allow-popups" loading="lazy" title="${words.formattedFrame}"></iframe></details>`}`
}

/** A message outside of any case: in the inbox, or on a client's page. */
export function strayMessage(visit: Visit, message: MessageView, foot?: Part): Html {
  const { words } = visit
  const kind = kindOf(message)
  const { id, at, because, content } = message
  const verdict = verdictOf(visit, kind, message)
  return html`<article class="talk-item in ${kind}" id="message-${id}">
<header>${icon(byMachine(kind) || kind === 'forged' ? signs[kind] : 'in')}<h3>${content ? content.subject || words.noSubject : words.contentErased}</h3></header>
<p class="talk-meta">${content?.from && html`${words.letterFrom}: ${content.from} · `}${moment(visit, at)}</p>
<p class="because">${kind === 'kept' ? inWords(visit, because) : html`<strong>${verdict.title}</strong> ${verdict.more} ${inWords(visit, because)}`}</p>
${content && (byMachine(kind) ? html`<details><summary>${words.showMessage}</summary>${messageText(visit, '', content)}</details>` : messageText(visit, '', content))}
${evidence(visit, message, `/inbox/${id}/raw`)}
${content && content.attachments.length > 0 && html`<p class="talk-meta">${words.attachments}: ${content.attachments.map(({ name, type }) => name || type).join(', ')}</p>`}
${foot}
</article>`
}

function inWords(visit: Visit, because: MessageView['because']): readonly Part[] {
  return reason(visit, inLanguage(because, visit.language))
}

function moment({ language }: Visit, at: string): Html {
  return html`<time datetime="${at}">${momentWords(at, language)}</time>`
}

type Sign = 'in' | 'out' | 'pen' | 'clip' | 'check' | 'away' | 'machine' | 'returned' | 'shield' | 'question'

const signs: Readonly<Record<MessageKind, Sign>> = {
  counted: 'check',
  reading: 'question',
  away: 'away',
  automatic: 'machine',
  bounce: 'returned',
  forged: 'shield',
  stranger: 'question',
  unchanged: 'check',
  many: 'machine',
  spam: 'machine',
  unreadable: 'question',
  kept: 'question',
}

/** Lines on a square of 20; each says again what words beside it say, so nobody needs to see it. */
const lines: Readonly<Record<Sign, string>> = {
  in: 'M3 5h14v10H3zM3 5l7 5.5L17 5',
  out: 'M3 9.5 17 3l-4.5 14-3-6zM9.5 11 17 3',
  pen: 'M4 16l1-4 8-8 3 3-8 8zM11.5 5.5l3 3',
  clip: 'M15 9.5 9.6 15a3.3 3.3 0 0 1-4.7-4.7l6-6a2.2 2.2 0 0 1 3.1 3.1l-5.9 6a1.1 1.1 0 0 1-1.6-1.6L12 6.4',
  check: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM6.5 10.3l2.4 2.4 4.6-5',
  away: 'M12 2.8A7.5 7.5 0 1 0 17.2 12 6 6 0 0 1 12 2.8z',
  machine: 'M5 8h10v7H5zM10 8V4.5M8 4.5h4M8 11v1M12 11v1M3 10v3M17 10v3',
  returned: 'M3 5h14v10H3zM3 5l7 5.5L17 5M7.5 12.5l5 5M12.5 12.5l-5 5',
  shield: 'M10 2.5 16 5v5c0 4-3 6.5-6 7.5-3-1-6-3.5-6-7.500V5zM10 6.500v4M10 13v.5',
  question: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM8 8a2 2 0 1 1 3 1.800c-.7.4-1 .8-1 1.700M10 14v.4',
}

function icon(sign: Sign): Html {
  return html`<svg class="sign ${sign}" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="${lines[sign]}" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></svg>`
}
