/** Lines that mail programs, phones and virus scanners add below what was written. */
const added =
  /^(?:von meine[mr] .{1,60} gesendet|gesendet (?:von|mit|über)\s.{1,80}|diese nachricht wurde von .{1,80} gesendet\.?|envoyé (?:de|depuis)\s.{1,80}|enviado (?:desde|do)\s.{1,80}|inviato da\s.{1,80}|sent (?:from|via|with|using)\s.{1,80}|get outlook for\s.{1,80}|wysłan[eoy]\s(?:z|ze|za pomocą|przez|przy użyciu)\s.{1,80}|pobierz (?:program |aplikację )?outlook\s.{1,80}|virus-free\..{0,60}|(?:wolny od wirusów|nie zawiera wirusów)\..{0,60}|ta wiadomość (?:e-mail )?została sprawdzona\s.{1,120}|this e-?mail has been (?:scanned|checked)\s.{1,120})$/iu

const closing =
  /^(?:(?:(?:with )?(?:(?:best|kind|warm|many) )*(?:regards|wishes|thanks)|cheers|thank you|thanks|sincerely|yours (?:sincerely|faithfully|truly)|(?:serdecznie |gorąco )?pozdrawiam(?: serdecznie| gorąco)?|(?:z |serdeczne )?pozdrowieni(?:a|ami)|z (?:poważaniem|wyrazami szacunku|uszanowaniem)|(?:dziękuję|dzięki)(?: bardzo)?|łączę pozdrowienia)(?:\s(?:i|and)\s(?:(?:best|kind) regards|pozdrawiam|miłego dnia))?)\s*[,.!]*$/iu

/** Without the signature: all below `-- ` (RFC 3676 §4.3), what programs add, and the closing words with the name below. */
export function withoutSignature(lines: readonly string[]): string[] {
  const cut = lines.findIndex((line) => /^--\s?$/.test(line))
  const body = withoutDisclaimer((cut < 0 ? lines : lines.slice(0, cut)).filter((line) => !added.test(line.trim())))
  return withoutClosing(body)
}

/** What companies have their mail servers put below every letter: who may read it, what to print, who keeps the data. */
const disclaimer =
  /^(?:(?:this|the (?:information|contents?) (?:in|of) this) (?:e-?mail|message|communication)(?: and any (?:attachments?|files)[^.]{0,40})? (?:is|are|may|contains?)\b.{0,80}(?:confidential|privileged|intended)|(?:this )?(?:e-?mail )?(?:confidentiality|disclaimer|privacy) (?:notice|note)\b|disclaimer\s*:|if you (?:have received this|are not the (?:intended|addressee))|please consider the environment|(?:niniejsza|ta|treść (?:tej|niniejszej)) wiadomoś(?:ć|ci)(?: e-?mail)?(?: i | oraz | wraz).{0,80}(?:przeznaczon|poufn)|(?:niniejsza|ta) wiadomość.{0,60}(?:jest|może|zawiera|przeznaczona).{0,80}(?:poufn|przeznaczon|adresat|tajemnic)|jeżeli nie (?:jest|są) (?:pan|państwo|adresatem)|jeśli nie jesteś (?:jej )?adresatem|zastrzeżenie poufności|administratorem (?:pani|pana|państwa|twoich).{0,20}danych|(?:pomyśl|zastanów się) .{0,40}wydruk|(?:prosimy )?chroń(?:my)? środowisko|diese (?:e-?mail|nachricht) (?:enthält|ist) .{0,60}vertraulich|ce (?:message|courriel) .{0,60}confidentiel)/iu

/** Each such paragraph alone: whatever a person wrote between or below them stays. */
function withoutDisclaimer(lines: readonly string[]): string[] {
  let inside = false
  return lines.filter((line) => {
    if (line.trim() === '') inside = false
    else if (disclaimer.test(line.trim().slice(0, 400))) inside = true
    else if (inside && line.length < 40) inside = false
    return !inside
  })
}

/** Closing words count as such only where at most a name, a post or a number follows: a sentence below them is kept. */
function withoutClosing(lines: readonly string[]): string[] {
  const at = lines.findLastIndex((line) => closing.test(line.trim()))
  if (at < 0) return [...lines]
  const below = lines.slice(at + 1).filter((line) => line.trim() !== '')
  return below.length <= 6 && below.every(looksLikeName) ? lines.slice(0, at) : lines.filter((_, index) => index !== at)
}

/** One to four words with capitals, a telephone number, an address of the web or of mail. */
function looksLikeName(line: string): boolean {
  const words = line.trim().split(/\s+/)
  if (/^(?:no|nie|yes|tak)\b/iu.test(line.trim())) return false
  return (
    (words.length <= 4 && words.every((word) => /^[\p{Lu}(„"]/u.test(word))) ||
    /\b(?:sp\. ?z ?o\. ?o\.|s\.a\.|gmbh|ltd|inc|llc)\.?$/i.test(line.trim()) ||
    /^[+\d][\d\s()-]{5,}$|^(?:tel|phone|mob|www|https?:)|^\S+@\S+$/i.test(line.trim())
  )
}
