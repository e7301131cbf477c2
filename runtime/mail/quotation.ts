/** The lines without what they quote: `>` blocks, the lines that introduce them, and earlier messages below a separator. */
export function withoutQuotation(lines: readonly string[]): string[] {
  const kept: string[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    if (isQuoted(line)) {
      dropIntroduction(kept)
      kept.push('')
      continue
    }
    if (separates(line)) break
    if (startsHeaderBlock(lines, index)) {
      dropRule(kept)
      break
    }
    const introduced = introductionAt(lines, index)
    if (introduced === 0) {
      kept.push(line)
      continue
    }
    // Quoted with `>` below, the client may go on after it; quoted without marks, all that follows is the quotation.
    if (!quotedBelow(lines, index + introduced)) break
    index += introduced - 1
  }
  return kept
}

function isQuoted(line: string): boolean {
  return /^\s*>/.test(line)
}

const separator =
  /^[\s*]*(?:-{2,}|_{2,})\s*(?:original message|forwarded message|original appointment|oryginalna wiadomość|wiadomość oryginalna|wiadomość pierwotna|wiadomość przekazana(?: dalej)?|przekazana wiadomość|treść przekazanej wiadomości|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale|oprindelig besked)\s*(?:-{2,}|_{2,})?[\s*]*$/i
const forwarded =
  /^(?:begin forwarded message|początek przekazywanej wiadomości|anfang der weitergeleiteten nachricht)\s*:$/i

function separates(line: string): boolean {
  return line.length < 200 && (separator.test(line) || forwarded.test(line.trim()))
}

const sender = /^\s*\*?(?:from|od|nadawca|von|de|da|van|fra|från|от)\*?\s?:/i
const field =
  /^\s*\*?(?:sent|date|to|cc|bcc|subject|reply-to|wysłano|wysłane|data|do|dw|udw|temat|gesendet|datum|an|betreff|envoyé|à|objet|enviado|fecha|para|asunto|inviato|oggetto|verzonden|aan|onderwerp|дата|кому|тема)\*?\s?:/i

const day = /^\s*\*?(?:sent|gesendet|wysłano|wysłane|envoyé|enviado|inviato|date|data|datum)\*?\s?:/i

/** Outlook's block: a sender and at least two more fields in the next lines, no empty one between them. */
function startsHeaderBlock(lines: readonly string[], index: number): boolean {
  const first = lines[index] ?? ''
  // GMX and others begin with the day it was sent.
  const dated = day.test(first) && lines.slice(index + 1, index + 3).some((line) => sender.test(line))
  if (!dated && !sender.test(first)) return false
  let fields = 0
  for (const line of lines.slice(index + 1, index + 7)) {
    if (line.trim() === '') break
    if (field.test(line)) fields += 1
  }
  return fields >= 2
}

/** The line of `_` or `-` that Outlook draws above its block. */
function dropRule(kept: string[]): void {
  while (kept.at(-1)?.trim() === '') kept.pop()
  if (/^[_-]{5,}$/.test(kept.at(-1)?.trim() ?? '')) kept.pop()
}

const verb = String.raw`(?:wrote|napisała?|napisał\(a\)|napisal\(?a?\)?|pisze|pisał\(?a?\)?|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|написала?)`
const introductions = [
  /^on\s.{4,400}\swrote\s?:?$/i,
  new RegExp(`^(?:w dniu|dnia)\\s.{3,400}\\s${verb}\\s?:?$`, 'iu'),
  /^wiadomość napisana przez\s.{3,400}:$/iu,
  new RegExp(`^.{3,400}<[^<>\\s]{1,200}@[^<>\\s]{1,200}>\\s?${verb}\\s?:$`, 'iu'),
]
const longest = { lines: 4, characters: 600 }

/** How many lines from here introduce a quotation: `On 3 April 2025 at 10:20, Anna wrote:` wrapped over a few lines; else 0. */
function introductionAt(lines: readonly string[], index: number): number {
  let joined = ''
  for (let count = 1; count <= longest.lines; count += 1) {
    const line = lines[index + count - 1]?.trim() ?? ''
    if (line === '' || isQuoted(line)) return 0
    joined = joined === '' ? line : `${joined} ${line}`
    if (joined.length > longest.characters) return 0
    if (hasMoment(joined) && introductions.some((pattern) => pattern.test(joined))) return count
  }
  return 0
}

/** A year, a time of day or an address: what mail programs write there and people seldom do. */
function hasMoment(text: string): boolean {
  return /\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d{2}\b|\S@\S|\d{1,2}[./-]\d{1,2}[./-]\d{2}/.test(text)
}

function quotedBelow(lines: readonly string[], index: number): boolean {
  const next = lines.slice(index, index + 4).find((line) => line.trim() !== '')
  return next === undefined || isQuoted(next)
}

/** In any language: the lines right above a `>` block that end in a colon and name a moment or an address. */
function dropIntroduction(kept: string[]): void {
  let end = kept.length
  while (end > 0 && end > kept.length - 2 && kept[end - 1]?.trim() === '') end -= 1
  const last = kept[end - 1]?.trim() ?? ''
  if (!last.endsWith(':') || last.length > longest.characters || !hasMoment(last)) return
  let start = end - 1
  // An address that was broken over two lines begins on the one before.
  if (/^[^<]*>/.test(last) && /<\s*$/.test(kept[start - 1] ?? '')) start -= 1
  kept.length = start
}
