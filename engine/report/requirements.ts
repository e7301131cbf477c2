import type { Ground } from '../ground.ts'
import type { Scenario } from '../simulate/scenario.ts'
import {
  asksAnybody,
  asksConsent,
  asksExtras,
  erasesAnything,
  every,
  holdsPersonal,
  needsStatement,
  severalPurposes,
} from './concern.ts'
import * as server from './enforced.ts'
import { type Words, words } from './language.ts'
import * as story from './stories.ts'

/** A requirement of the law, and all by which a process can be seen to keep it. */
export interface Requirement {
  readonly row: string
  readonly title: Words
  readonly law: string
  /** What it asks, in a sentence. */
  readonly asks: Words
  /** Why it does not concern a process, or nothing where it does. */
  readonly concern: (ground: Ground) => Words | undefined
  /** Codes of checks that prove it when they find nothing (`proofs.ts`). */
  readonly proofs: readonly string[]
  /** What the server does about it (`enforced.ts`). */
  readonly enforced: readonly server.Enforced[]
  /** Whether a scenario of the process shows it. */
  readonly shows?: (scenario: Scenario, ground: Ground) => boolean
}

/**
 * The one table of what the product must do for the people whose data it holds. The law is the GDPR; the rows are those of the
 * published comparison that the product started from (README, `test/requirements`).
 */
export const requirements: readonly Requirement[] = [
  {
    row: 'R01',
    title: words('Minimal card', 'Minimalna karta'),
    law: 'Art. 5(1)(c), 25(2)',
    asks: words(
      'Only what the main service needs is recorded; a client who gives nothing more is served all the same.',
      'Zapisuje się tylko to, czego wymaga usługa; kto nie poda nic więcej, i tak zostanie obsłużony.',
    ),
    concern: every,
    proofs: ['Z418'],
    enforced: [server.minimalCard],
    shows: story.servesWithoutContact,
  },
  {
    row: 'R02',
    title: words('Privacy of the staff', 'Prywatność pracowników'),
    law: 'Rec. 43, Art. 88',
    asks: words(
      'Employees do all their work without handing over personal data.',
      'Pracownicy wykonują całą pracę bez oddawania danych osobowych.',
    ),
    concern: every,
    proofs: ['Z416'],
    enforced: [server.loginAlone, server.staffMail],
  },
  {
    row: 'R03',
    title: words('Separate purposes', 'Osobne cele'),
    law: 'Rec. 32, 43, Art. 5(1)(b)',
    asks: words(
      'Consent is given for each purpose apart, and data serve the purpose they were given for.',
      'Zgody udziela się na każdy cel osobno, a dane służą celowi, w którym je podano.',
    ),
    concern: asksAnybody,
    proofs: ['Z401', 'Z410', 'Z415'],
    enforced: [server.letterNeedsConsent, server.questionApart],
    shows: story.decidesSeveral,
  },
  {
    row: 'R04',
    title: words('No detriment', 'Bez uszczerbku'),
    law: 'Art. 7(4)',
    asks: words(
      'Refusing data for extras never harms the main service.',
      'Odmowa danych do dodatków nigdy nie szkodzi głównej usłudze.',
    ),
    concern: asksExtras,
    proofs: ['Z403'],
    enforced: [server.nothingElseCloses],
    shows: story.endsWellAfterNo,
  },
  {
    row: 'R05',
    title: words('Separated data', 'Oddzielone dane'),
    law: 'Art. 7(2)',
    asks: words(
      'What is asked for is clearly apart from other information.',
      'To, o co się pyta, jest wyraźnie oddzielone od innych informacji.',
    ),
    concern: asksAnybody,
    proofs: ['Z415'],
    enforced: [server.ownAddress, server.ownNumber, server.questionApart],
    shows: story.fillsOwnContact,
  },
  {
    row: 'R06',
    title: words('Informed', 'Poinformowanie'),
    law: 'Art. 13, Rec. 42',
    asks: words(
      'Clients know who asks and for which purposes before they give anything.',
      'Klient wie, kto pyta i w jakich celach, zanim cokolwiek poda.',
    ),
    concern: asksAnybody,
    proofs: ['Z411', 'Z412', 'Z413'],
    enforced: [server.noticeInForms],
  },
  {
    row: 'R07',
    title: words('Affirmative act', 'Wyraźne działanie'),
    law: 'Art. 4(11), Rec. 32',
    asks: words(
      'Consent is a statement or a clear act, never silence.',
      'Zgoda to oświadczenie lub wyraźne działanie, nigdy milczenie.',
    ),
    concern: asksConsent,
    proofs: ['Z404', 'Z405'],
    enforced: [server.evidenceNeeded, server.neitherPreset],
    shows: story.silenceIsNone,
  },
  {
    row: 'R08',
    title: words('Explicit written consent', 'Wyraźna zgoda na piśmie'),
    law: 'Art. 9(2)(a)',
    asks: words(
      'For special data: a written statement that can’t be clicked by accident.',
      'Dla danych szczególnych: pisemne oświadczenie, którego nie da się kliknąć przypadkiem.',
    ),
    concern: needsStatement,
    proofs: ['Z405', 'Z406'],
    enforced: [server.onlyOwnReply, server.typedStatement, server.guardedStages, server.neededConsents],
    shows: story.onlyOwnWords,
  },
  {
    row: 'R09',
    title: words('Withdrawal', 'Wycofanie'),
    law: 'Art. 7(3)',
    asks: words('Withdrawing is as easy as giving.', 'Wycofać zgodę jest równie łatwo, jak jej udzielić.'),
    concern: asksConsent,
    proofs: ['Z408'],
    enforced: [server.twoClicks, server.signedLink],
    shows: story.withdraws,
  },
  {
    row: 'R10',
    title: words('Erasure by the staff', 'Usuwanie przez pracowników'),
    law: 'Art. 17',
    asks: words(
      'The staff can act on it: erase single fields, or the client whole.',
      'Pracownicy mogą działać: usunąć pojedyncze pola albo całego klienta.',
    ),
    concern: erasesAnything,
    proofs: [],
    enforced: [server.fieldErasers, server.cardErasers, server.wholeErasure],
    shows: story.erases,
  },
  {
    row: 'R11',
    title: words('Stop at once', 'Natychmiastowe zatrzymanie'),
    law: 'Art. 7(3), 17(1)(b)',
    asks: words(
      'When consent is withdrawn, processing stops.',
      'Gdy zgoda zostaje wycofana, przetwarzanie się kończy.',
    ),
    concern: asksConsent,
    proofs: ['Z402'],
    enforced: [server.oneTransaction, server.erasedAtOnce, server.vaultRefuses, server.waitingLetterStops],
    shows: story.stopsAfterWithdrawal,
  },
  {
    row: 'R12',
    title: words('Purposes change', 'Zmiana celów'),
    law: 'Art. 13(3), 6(4)',
    asks: words(
      'When a purpose changes, clients are told and asked again; an old consent covers what was shown then.',
      'Gdy cel się zmienia, klientów informuje się i pyta ponownie; dawna zgoda obejmuje to, co wtedy pokazano.',
    ),
    concern: asksConsent,
    proofs: [],
    enforced: [server.versionKept, server.versionOfCase],
  },
  {
    row: 'R13',
    title: words('Small purposes', 'Małe cele'),
    law: 'Rec. 32, 43',
    asks: words(
      'Purposes are small: one withdrawn leaves the others working.',
      'Cele są małe: wycofanie jednego nie przerywa pozostałych.',
    ),
    concern: severalPurposes,
    proofs: ['Z410', 'Z415'],
    enforced: [server.eachPurposeApart, server.decidedApart],
    shows: story.oneOfSeveral,
  },
  {
    row: 'R14',
    title: words('Plain words', 'Proste słowa'),
    law: 'Art. 12(1)',
    asks: words('Purposes are told in clear, simple language.', 'O celach mówi się jasnym, prostym językiem.'),
    concern: asksAnybody,
    proofs: ['Z413', 'Z414'],
    enforced: [server.ownWords],
  },
  {
    row: 'R15',
    title: words('No more than needed', 'Nie więcej, niż trzeba'),
    law: 'Art. 5(1)(c), 5(1)(e), 25(2)',
    asks: words(
      'No more is collected than is needed, it is removed when it is not, and only those who work with it see it.',
      'Nie zbiera się więcej, niż trzeba, usuwa się to, co zbędne, i widzą to tylko ci, którzy z tym pracują.',
    ),
    concern: holdsPersonal,
    proofs: ['Z407', 'Z409', 'Z417'],
    enforced: [server.onlyWhatStageNames, server.erasuresRun],
    shows: story.hidesOrErases,
  },
  {
    row: 'R16',
    title: words('Proof of consent', 'Dowód zgody'),
    law: 'Art. 7(1)',
    asks: words('Each consent can be shown.', 'Każdą zgodę można wykazać.'),
    concern: asksConsent,
    proofs: ['Z404'],
    enforced: [server.decisionKept, server.replyKept, server.formKept],
    shows: story.consentStands,
  },
]
