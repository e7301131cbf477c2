/** Lines that mail programs, phones and virus scanners add below what was written. */
const added =
  /^(?:sent (?:from|via|with|using)\s.{1,80}|get outlook for\s.{1,80}|wysłan[eoy]\s(?:z|ze|za pomocą|przez|przy użyciu)\s.{1,80}|pobierz (?:program |aplikację )?outlook\s.{1,80}|virus-free\..{0,60}|(?:wolny od wirusów|nie zawiera wirusów)\..{0,60}|ta wiadomość (?:e-mail )?została sprawdzona\s.{1,120}|this e-?mail has been (?:scanned|checked)\s.{1,120})$/iu

const closing =
  /^(?:(?:(?:with )?(?:(?:best|kind|warm|many) )*(?:regards|wishes|thanks)|cheers|thank you|thanks|sincerely|yours (?:sincerely|faithfully|truly)|(?:serdecznie |gorąco )?pozdrawiam(?: serdecznie| gorąco)?|(?:z |serdeczne )?pozdrowieni(?:a|ami)|z (?:poważaniem|wyrazami szacunku|uszanowaniem)|(?:dziękuję|dzięki)(?: bardzo)?|łączę pozdrowienia)(?:\s(?:i|and)\s(?:(?:best|kind) regards|pozdrawiam|miłego dnia))?)\s*[,.!]*$/iu

/** Without the signature: all below `-- ` (RFC 3676 §4.3), what programs add, and the closing words with the name below. */
export function withoutSignature(lines: readonly string[]): string[] {
  const cut = lines.findIndex((line) => /^--\s?$/.test(line))
  const body = (cut < 0 ? lines : lines.slice(0, cut)).filter((line) => !added.test(line.trim()))
  return withoutClosing(body)
}

/** Closing words count as such only where at most a name, a post or a number follows: a sentence below them is kept. */
function withoutClosing(lines: readonly string[]): string[] {
  const at = lines.findLastIndex((line) => closing.test(line.trim()))
  if (at < 0) return [...lines]
  const below = lines.slice(at + 1).filter((line) => line.trim() !== '')
  return below.length <= 4 && below.every(looksLikeName) ? lines.slice(0, at) : lines.filter((_, index) => index !== at)
}

/** One to four words with capitals, a telephone number, an address of the web or of mail. */
function looksLikeName(line: string): boolean {
  const words = line.trim().split(/\s+/)
  if (/^(?:no|nie|yes|tak)\b/iu.test(line.trim())) return false
  return (
    (words.length <= 4 && words.every((word) => /^[\p{Lu}(„"]/u.test(word))) ||
    /^[+\d][\d\s()-]{5,}$|^(?:tel|phone|mob|www|https?:)|^\S+@\S+$/i.test(line.trim())
  )
}
