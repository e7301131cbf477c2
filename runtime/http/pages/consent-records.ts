import { inLanguage } from '../../../engine/text.ts'
import { type Html, html } from '../html.ts'
import type { ConsentRecord } from '../ports.ts'
import { momentWords } from '../time-words.ts'
import { say, wayWords } from '../words.ts'
import type { Visit } from './visit.ts'

const actors: Readonly<Record<string, 'byClient' | 'bySystem' | 'byStaff'>> = {
  client: 'byClient',
  system: 'bySystem',
  staff: 'byStaff',
}

/** Decisions as they were recorded, oldest first, each with the words that it was made on; `title` names their purposes. */
export function recordsList(
  visit: Visit,
  records: readonly ConsentRecord[],
  title?: (purpose: string) => string,
): Html {
  return html`<ol class="history">${records.map((record) => recordRow(visit, record, title?.(record.purpose)))}</ol>`
}

function recordRow({ words, language }: Visit, record: ConsentRecord, title: string | undefined): Html {
  const { decision, at, channel, notice, version } = record
  const note = typeof record.evidence?.note === 'string' ? record.evidence.note : undefined
  const by = actors[record.by]
  const shownIn = notice?.language ?? Object.keys(record.text)[0]
  return html`<li><p>${title && html`<strong>${title}</strong> `}<span class="badge ${decision}">${words[decision]}</span></p>
<blockquote lang="${shownIn}">${inLanguage(record.text, shownIn ?? language)}</blockquote>
<small><time datetime="${at}">${momentWords(at, language)}</time> · ${wayWords(channel, words)}${note && ` · ${note}`} · ${by ? words[by] : record.by} · ${say(words.versionShort, version, notice?.edition ?? 1)}</small></li>`
}
