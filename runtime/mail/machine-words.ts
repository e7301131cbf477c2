import type { Message } from './parse.ts'
import { seemsReply } from './thread.ts'
import type { Why } from './why.ts'

const answering = /^(?:\s*(?:re|odp|fwd?|aw|sv|antw|wg)\s*:)+\s*/i
const machineSubject =
  /^\[?(?:auto(?:matic|mated|matyczna|matisch\w*)?[-\s:]*(?:reply|response|responder|answer|acknowledge\w*|odpowied[źz]|antwort\w*)|autoreply|autoresponse|autoodp\S*|auto:|odpowied[źz] automatyczna|automatyczne potwierdzenie|automatische (?:antwort|abwesenheits\w+|rückantwort)|automatisch (?:antwoord|beantwoord\w*)|réponse automatique|respuesta automática|risposta automatica|resposta automática|automatisk svar|automatické odpověď|automatická odpověď|automatikus válasz|autosvar|autosvar:|автоответ\S*|автоматический ответ|自動(?:返信|応答)|自动(?:回复|答复)|out[- ]of[- ](?:the[- ])?office|ooo\b|away from (?:my|the) (?:mail|e-?mail|desk|office)|(?:i am |i'm )?(?:currently )?(?:on|away on) (?:vacation|holidays?|annual leave|(?:maternity|parental|sick) leave)|vacation\b|poza biurem|jestem poza biurem|nieobecno[sś][cć]|jestem nieobecn[ya]|nieobecn[ya] w (?:biurze|pracy)|(?:jestem )?na urlopie|urlop\b|abwesenheit|abwesend|nicht im büro|absence du bureau|(?:je suis )?absent du bureau|absent[e]?\s*:|fuera de la oficina|fuori (?:sede|ufficio))/i
const receiptSubject =
  /^(?:read|not read|displayed|przeczytan[oae]|nieprzeczytan[oae]|wyświetlon[oae]|gelesen|ungelesen|lu|leído|letto|accepted|declined|tentative(?:ly accepted)?|zaakceptowano|odrzucono|wstępnie zaakceptowano|zugesagt|abgesagt|abgelehnt|mit vorbehalt|accepté|refusé|updated invitation)\s*:/i

/** A subject that a program of automatic answers makes; on a calendar's or a receipt's answer, no person writes it either. */
export function subjectOfMachine(subject: string): boolean {
  const bare = subject.slice(0, 500).replace(answering, '')
  return machineSubject.test(bare) || receiptSubject.test(subject.slice(0, 500))
}

/** Sentences by which a message says of itself that a machine wrote it. */
const itself = [
  /this is an? (?:auto(?:mated|matic|matically)?[- ]?(?:generated |system )?)(?:(?:e-?mail )?(?:reply|response|message|e-?mail|acknowledg\w+|notification|answer))/i,
  /(?:this|the) (?:e-?mail|message|reply|response) (?:was|is|has been) (?:sent |generated |created |automatically )*automatic(?:ally)?\b/i,
  /(?:automatically generated|computer[- ]generated|auto-generated) (?:e-?mail|message|reply|response|notification)/i,
  /(?:please )?do not (?:reply|respond) to this (?:automat\w+ )?(?:e-?mail|message|address)/i,
  /(?:ta|niniejsza) wiadomość (?:e-?mail )?(?:została |jest )?(?:wysłana |wygenerowana |utworzona )?automatyczn/i,
  /(?:wiadomość|odpowiedź|e-?mail) (?:wygenerowan[ay]|wysłan[ay]|utworzon[ay]) (?:przez (?:system|automat)|automatycznie)/i,
  /to jest (?:wiadomość |odpowiedź )?(?:automatyczna|wygenerowana automatycznie)|(?:automatyczna|automatyczne) (?:odpowiedź|potwierdzenie|wiadomość)/i,
  /(?:prosimy )?(?:o )?nie odpowiada(?:ć|nie|j|jcie) na (?:tę|tą|niniejszą|ten) (?:wiadomość|e-?mail)/i,
  /dies(?:e (?:e-?mail|nachricht)|) (?:ist|wurde) (?:eine )?automatisch|automatisch (?:generierte|erstellte|erzeugte) (?:e-?mail|nachricht|antwort)|antworten sie (?:bitte )?nicht auf diese/i,
  /(?:ceci est|il s'agit d)['’ ]?un(?:e)? (?:réponse|message|courriel) automatique|(?:message|courriel|e-?mail) (?:généré|envoyé) automatiquement|ne pas répondre à ce (?:message|mail|courriel)/i,
  /este (?:es un )?(?:mensaje|correo) (?:ha sido )?(?:generado )?automátic|questo (?:è un )?messaggio (?:generato )?automatic/i,
]
/** Being away: two of these in the first lines, since a person may say one. */
const away = [
  /\b(?:out of (?:the )?office|on (?:annual |maternity |parental |sick )?(?:leave|holidays?|vacation)|away from (?:the |my )?(?:office|desk|e-?mail)|(?:limited|no|without) access to (?:my )?e-?mails?)\b/i,
  /poza biurem|na urlopie|jestem nieobecn|nieobecn[ya] w (?:biurze|pracy)|przebywam na (?:urlopie|zwolnieniu)|(?:ograniczony|nie mam|bez) dostęp\w* do (?:poczty|skrzynki)/i,
  /nicht im (?:büro|haus)|(?:bin|derzeit|zur zeit) .{0,40}(?:abwesend|im urlaub|nicht erreichbar)|je suis (?:actuellement )?(?:absent|en congé)|absente? du bureau|fuera de la oficina|fuori ufficio/i,
]
const later = [
  /\b(?:until|till|return(?:ing)?|back (?:on|in)|from .{1,40} to|(?:will|shall) (?:reply|respond|answer|get back|read|be back))\b/i,
  /\b(?:do dnia|do (?:\d|poniedział|wtork|środ|czwart|piątk|sobot|niedziel)|wracam|wrócę|odpowiem|odpiszę|po powrocie|od dnia)\b/i,
  /\b(?:bis (?:zum|einschließlich|\d)|zurück|ab dem|jusqu['’]?(?:au|à)|de retour|hasta el|fino al)\b/i,
]
const instead = [
  /\b(?:urgent|emergency|in my absence|please contact|contact my colleague|reach out to|dringend|en cas d['’]urgence|in dringenden)\b/i,
  /piln(?:ych|ej|e|a|ie)|w (?:nagłych|sprawach)|proszę (?:o )?kontakt(?:ować)?|zastępuje mnie|podczas mojej nieobecności|zostanie (?:przekazana|przeczytana)/i,
]
const challenges =
  /(?:confirm|verify|prove) that you(?:'re| are) (?:a )?(?:human|real person|not (?:a )?spam)|your (?:message|e-?mail) (?:is being|has been) (?:held|quarantined) (?:pending|until|because)|(?:click|reply).{0,80}(?:release|deliver) your (?:message|e-?mail)|add(?:ed)? you to (?:my|the) (?:list of )?(?:approved|allowed|white) ?senders|żeby (?:Twoja|Państwa) wiadomość została dostarczona.{0,60}(?:kliknij|potwierd)/i

/** What its own words say: that it is automatic, that its writer is away, or that our letter waits to be confirmed. */
export function saysAutomatic(_subject: string, lines: readonly string[]): Why | undefined {
  const shown = lines.slice(0, 40).map((line) => line.slice(0, 600))
  const text = shown.join('\n')
  if (challenges.test(text)) return { code: 'challenge' }
  if (shown.some((line) => itself.some((pattern) => pattern.test(line)))) return { code: 'autoWords' }
  const top = shown.slice(0, 12).join(' ')
  const says = (patterns: readonly RegExp[]) => patterns.some((pattern) => pattern.test(top))
  return says(away) && says(later) && (says(instead) || receivedThanks.test(top)) ? { code: 'autoWords' } : undefined
}

const receivedThanks =
  /thank(?:s| you) for (?:your|the|contacting|writing|getting)|dziękuj(?:ę|emy) za (?:wiadomość|e-?mail|kontakt|przesłan)|vielen dank für (?:ihre|die)|merci (?:de|pour) votre/i

/** A help desk's word that it has our letter: a number in the subject or text, and the words for it. */
export function ticketSign(message: Message, lines: readonly string[]): Why | undefined {
  const text = lines
    .slice(0, 25)
    .map((line) => line.slice(0, 600))
    .join(' ')
  if (
    /##-? ?(?:please )?(?:type|reply|write) .{0,30}above th(?:is|e) line/i.test(message.text.slice(0, 20_000)) &&
    tookIn.test(text)
  ) {
    return { code: 'ticket' }
  }
  const numbered =
    /(?:ticket|request|case|enquiry|inquiry|incident|reference|zgłoszeni\w*|spraw\w*|numer\w*|anfrage|vorgang|demande|dossier)\W{0,20}(?:id|no\.?|nr\.?|number|o numerze|nummer|numéro)?\W{0,6}[A-Z]{0,6}[-#]?\d{3,}/i
  const named =
    numbered.test(message.subject) || numbered.test(text) || /[[(#][A-Z]{0,8}[-#:]?\d{3,}[\])]?/.test(message.subject)
  if (!named || !tookIn.test(text)) return undefined
  return seemsReply(message) || created.test(`${message.subject} ${text}`) ? { code: 'ticket' } : undefined
}

const tookIn =
  /(?:we(?:'ve| have)?|has been|was|your \w+(?: \w+)? (?:is|has been)) (?:successfully )?(?:received|created|registered|logged|opened|assigned)|(?:will|shall) (?:be )?(?:respond|reply|get back|review|contact|answer|process)|zosta(?:ło|ła) (?:przyjęt|zarejestrowan|utworzon|przekazan)|(?:przyjęliśmy|zarejestrowaliśmy|otrzymaliśmy) (?:Twoje|Państwa|Pani|Pana)|(?:wurde|haben) .{0,60}(?:erhalten|erstellt|registriert|aufgenommen)|a (?:bien )?été (?:reçu|enregistré|créé)|nous avons bien reçu/i
const created =
  /(?:ticket|request|case|zgłoszeni\w*|anfrage|demande)[^.]{0,80}(?:creat|receiv|regist|open|logg|przyję|zarejestr|utworz|erstellt|eingegangen|enregistr)|(?:creat|receiv|regist|otrzymali|przyję|zarejestr)[^.]{0,60}(?:ticket|request|case|zgłoszeni)/i
