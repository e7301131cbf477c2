import { type Html, html, type Part } from '../http/html.ts'
import type { Letter } from './letter.ts'
import type { Delivered } from './mailboxes.ts'

/** A page of a list, newest first; `more` is the id before which the next page begins. */
export interface Listed {
  readonly letters: readonly Letter[]
  readonly more: number | undefined
}

export interface MailboxRow {
  readonly address: string
  readonly count: number
  readonly latest: Delivered | undefined
}

/** Every mailbox, and every letter of all of them. */
export function mailboxesPage(rows: readonly MailboxRow[], company: string, listed: Listed): Html {
  const body = html`<h1>Letters</h1>
<p class="lead">The world outside, for trying things out: every letter sent from here lands on this page, and you can answer it as the one who received it.</p>
${
  rows.length > 0 &&
  html`<nav aria-label="Mailboxes"><ul class="mailboxes">${rows.map(
    ({ address, count }) =>
      html`<li><a href="${mailboxLink(address)}">${address}</a> <span class="count">${count}</span>${address === company && html` <span class="tag">the company</span>`}</li>`,
  )}</ul></nav>`
}
${letterList(listed, '/_mail/')}`
  return page('Letters', body)
}

/** The letters of one mailbox. */
export function listPage(address: string, isCompany: boolean, listed: Listed): Html {
  const body = html`${back('/_mail/', 'All letters')}
<h1>${address}</h1>
${isCompany && html`<p class="lead">The company's mailbox, which the server reads by IMAP.</p>`}
${letterList(listed, mailboxLink(address))}`
  return page(address, body)
}

export interface LetterPageOptions {
  readonly quickAnswers: readonly string[]
  readonly company: string
  readonly sent: boolean
}

/** One letter, and a box to answer it in. */
export function letterPage(letter: Letter, options: LetterPageOptions): Html {
  const body = html`${back(mailboxLink(letter.mailbox), letter.mailbox)}
${options.sent && html`<div class="notice" role="status"><p>Your answer is on its way to ${letter.answerTo}.</p></div>`}
<h1>${letter.subject || '(no subject)'}</h1>
<div class="columns">
<article class="panel stack">
<dl class="envelope">
<div><dt>From</dt><dd>${letter.from || 'nobody'}</dd></div>
<div><dt>To</dt><dd>${letter.to}</dd></div>
<div><dt>Date</dt><dd>${moment(letter.at)}</dd></div>
</dl>
${letter.html === undefined ? plainText(letter.text) : frame(letter)}
${attachments(letter)}
${source(letter)}
</article>
${answerForm(letter, options)}
</div>`
  return page(letter.subject || 'Letter', body)
}

function letterList({ letters, more }: Listed, address: string): Html {
  if (letters.length === 0)
    return html`<p class="empty">No letters yet. They appear here as soon as a process sends one.</p>`
  return html`<ul class="letters panel">${letters.map(
    (letter) => html`<li><a href="/_mail/letters/${letter.id}">${letter.subject || '(no subject)'}</a>
<span class="meta">${letter.from || 'nobody'} → ${letter.to} · ${moment(letter.at)}</span></li>`,
  )}</ul>
${more !== undefined && html`<p><a class="button" href="${address}?before=${more}">Older letters</a></p>`}`
}

function frame(letter: Letter): Html {
  return html`<iframe class="letter" title="The letter" src="/_mail/letters/${letter.id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
<details><summary>As plain text</summary>${plainText(letter.text)}</details>`
}

/** Addresses of web pages become links, as mail programs do. */
function plainText(text: string): Html {
  const parts = text.split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/)
  const linked = parts.map(
    (part, place): Part => (place % 2 === 1 ? html`<a href="${part}" rel="noopener noreferrer">${part}</a>` : part),
  )
  return html`<div class="plain">${linked}</div>`
}

function attachments({ id, attachments }: Letter): Part {
  if (attachments.length === 0) return false
  return html`<div><h2>Attachments</h2><ul>${attachments.map(
    ({ name, content }, number) =>
      html`<li><a href="/_mail/letters/${id}/attachments/${number}">${name}</a> <small>${Math.ceil(content.length / 1024)} kB</small></li>`,
  )}</ul></div>`
}

function source({ id, headers }: Letter): Html {
  return html`<details><summary>Headers</summary>
<dl class="headers">${Object.entries(headers).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p><a href="/_mail/letters/${id}/source">The letter's source</a></p></details>`
}

function answerForm(letter: Letter, { quickAnswers, company }: LetterPageOptions): Html {
  if (letter.mailbox === company) {
    return html`<aside class="panel stack"><h2>Read by the server</h2><p>This letter came to the company. The server reads it and files it with its case.</p></aside>`
  }
  return html`<form class="panel stack" method="post" action="/_mail/letters/${letter.id}/answers">
<h2>Answer as ${letter.receiverName ?? letter.mailbox}</h2>
<label>In your own words<textarea name="text" rows="6" maxlength="100000"></textarea></label>
<label class="choice"><input type="checkbox" name="auto" value="yes"> Send as an automatic reply (out of office)</label>
<label>Sender <input type="email" name="from" placeholder="${letter.mailbox}" autocomplete="off"><span class="hint">Another address than the receiver's, to see that it does not count.</span></label>
<div><button class="primary">Send answer</button></div>
${quickAnswers.length > 0 && html`<p>Or answer at once:</p><div class="buttons">${quickAnswers.map((text) => html`<button name="quick" value="${text}">${text}</button>`)}</div>`}
</form>`
}

function moment(at: string): Html {
  return html`<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time>`
}

function mailboxLink(address: string): string {
  return `/_mail/mailboxes/${encodeURIComponent(address)}`
}

function back(address: string, label: string): Html {
  return html`<p><a href="${address}">← ${label}</a></p>`
}

function page(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Sandbox mailbox</title>
<link rel="stylesheet" href="/assets/zgoda.css">
<link rel="stylesheet" href="/_mail/mailbox.css">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="bar"><a class="brand" href="/_mail/"><span>Sandbox mailbox</span></a>
<nav aria-label="Menu"><ul><li><a href="/">Staff pages</a></li><li><a href="/portal">Client portal</a></li></ul></nav></header>
<main id="main" tabindex="-1">
${body}
</main>
</body>
</html>
`
}

/** What the pages need beside the server's own stylesheet. */
export const styles = `
.mailboxes { display: flex; flex-wrap: wrap; gap: 0.4rem 1.25rem; }
.letters { display: flex; flex-direction: column; padding: 0; }
.letters li { display: flex; flex-direction: column; padding: 0.75rem 1.25rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.letters li:first-child { border-top: 0; }
.letters a { font-weight: 600; }
.envelope div, .headers div { display: flex; gap: 0.75rem; }
.envelope dt { flex: 0 0 3.5rem; color: var(--ink-soft); }
.headers dt { flex: 0 0 11rem; color: var(--ink-soft); overflow-wrap: anywhere; }
.envelope dd, .headers dd { min-width: 0; overflow-wrap: anywhere; white-space: pre-line; }
.headers { font-size: 0.875rem; }
iframe.letter { width: 100%; height: 32rem; border: 1px solid var(--line); border-radius: 8px; background: #ffffff; }
.plain { white-space: pre-wrap; overflow-wrap: anywhere; }
.notice { padding: 0.75rem 1rem; border-radius: 8px; background: var(--good-soft); color: var(--good); }
`
