/** A process with an answer known from the literature on workflow nets. */
export interface Net {
  readonly pattern: string
  /** Who has described the pattern. */
  readonly source: string
  /** What stands inside the process: fields and stages. */
  readonly text: string
  /** What is wrong with it: code and place. Nothing, where it is sound. */
  readonly wrong: readonly string[]
}

const aalst98 = 'W. van der Aalst, The Application of Petri Nets to Workflow Management, 1998'
const aalst11 = 'W. van der Aalst et al., Soundness of workflow nets: classification, decidability, and analysis, 2011'
const patterns = 'W. van der Aalst et al., Workflow Patterns, 2003'
const kiepuszewski = 'B. Kiepuszewski, A. ter Hofstede, C. Bussler, On Structured Workflow Modelling, 2000'
const sadiq = 'W. Sadiq, M. Orlowska, Analyzing process models using graph reduction techniques, 2000'
const batoulis = 'K. Batoulis, M. Weske, Soundness of Decision-Aware Business Processes, 2017'
const leoni =
  'M. de Leoni, P. Felli, M. Montali, A Holistic Approach for Soundness Verification of Decision-Aware Process Models, 2018'
const dehnert =
  'J. Dehnert, W. van der Aalst, Bridging the Gap between Business Models and Workflow Specifications, 2004'

/**
 * A case is one token and its stage the place; a token that waits at a join is a field. So proper completion holds of itself,
 * and what is left are the option to complete and dead transitions, with data and without.
 */
export const nets: readonly Net[] = [
  {
    pattern: 'a sequence',
    source: `${patterns}, pattern 1`,
    text: `
      stage a "A" { move to b }
      stage b "B" { move to o }
      final stage o "O" success`,
    wrong: [],
  },
  {
    pattern: 'a free choice whose branches meet again',
    source: `${patterns}, patterns 4 and 5`,
    text: `
      stage i "I" { move to a  move to b }
      stage a "A" { on signal done go to c }
      stage b "B" { after 2 days go to c }
      stage c "C" { move to o }
      final stage o "O" success`,
    wrong: [],
  },
  {
    pattern: 'a deadlock: a place that no transition takes a token from',
    source: `${aalst98}: option to complete`,
    text: `
      stage i "I" { move to a  move to b }
      stage a "A" { move to o }
      stage b "B" { on signal ping { notify clerk "Look" } }
      final stage o "O" success`,
    wrong: ['Z302 b'],
  },
  {
    pattern: 'a livelock: two places that hand the token to and fro',
    source: `${aalst11}: livelock`,
    text: `
      stage i "I" { move to a  move to o }
      stage a "A" { move to b }
      stage b "B" { after 1 day go to a }
      final stage o "O" success`,
    wrong: ['Z303 a', 'Z303 b'],
  },
  {
    pattern: 'a dead transition: a place that never has a token',
    source: `${aalst98}: no dead transitions`,
    text: `
      stage i "I" { move to o }
      stage a "A" { move to o }
      final stage o "O" success`,
    wrong: ['Z301 a'],
  },
  {
    pattern: 'dead transitions behind each other: two places that only feed each other',
    source: `${aalst11}: an unmarked cycle`,
    text: `
      stage i "I" { move to o }
      stage a "A" { move to b  move to o }
      stage b "B" { move to a }
      final stage o "O" success`,
    wrong: ['Z301 a', 'Z301 b'],
  },
  {
    pattern: 'no end: the sink is not connected',
    source: `${aalst98}: in a WF-net every node lies on a path from i to o`,
    text: `
      stage i "I" { move to a }
      stage a "A" { move to i }
      final stage o "O" success`,
    wrong: ['Z301 o', 'Z303 i', 'Z303 a'],
  },
  {
    pattern: 'transitions that fire each other for ever without waiting',
    source: `${aalst11}: a cycle of silent transitions`,
    text: `
      field hot "Hot" yes/no
      stage i "I" { edit hot  move to a  move to o }
      stage a "A" { when hot go to b  move to o }
      stage b "B" { when hot go to a  move to o }
      final stage o "O" success`,
    wrong: ['Z304'],
  },
  {
    pattern: 'an arbitrary cycle with two entries and two exits',
    source: `${patterns}, pattern 10; ${kiepuszewski}: has no structured equal`,
    text: `
      stage i "I" { move to a  move to b }
      stage a "A" { move to b  on signal stop go to o }
      stage b "B" { move to a  after 3 days go to o }
      final stage o "O" success`,
    wrong: [],
  },
  {
    pattern: 'nested loops',
    source: `${kiepuszewski}: structured loops`,
    text: `
      stage i "I" { move to a }
      stage a "A" { move to b }
      stage b "B" { move to a  move to c }
      stage c "C" { move to i  move to o }
      final stage o "O" success`,
    wrong: [],
  },
  {
    pattern: 'an OR-choice after a loop that leads back into the loop alone',
    source: `${kiepuszewski}: a loop whose exit is taken away`,
    text: `
      stage i "I" { move to a }
      stage a "A" { move to b  on signal leave go to x }
      stage b "B" { move to a }
      stage x "X" { after 1 day go to a }
      final stage o "O" success`,
    wrong: ['Z301 o', 'Z303 a', 'Z303 b', 'Z303 x'],
  },
  {
    pattern: 'an AND-split and its AND-join',
    source: `${patterns}, patterns 2 and 3`,
    text: `
      field left "Left" yes/no default no
      field right "Right" yes/no default no
      stage i "I" { move to work }
      stage work "Work" {
        on signal left { set left to yes }
        on signal right { set right to yes }
        when left and right go to o
      }
      final stage o "O" success`,
    wrong: [],
  },
  {
    pattern: 'an OR-split whose branches an AND-join waits for: a deadlock',
    source: `${sadiq}: deadlock`,
    text: `
      field left "Left" yes/no default no
      field right "Right" yes/no default no
      stage i "I" {
        move to work { set left to yes }
        on signal other { set right to yes  go to work }
      }
      stage work "Work" { when left and right go to o }
      final stage o "O" success`,
    wrong: ['Z301 o', 'Z302 work', 'Z307 work.when.1'],
  },
  {
    pattern: 'a deferred choice between the client, the clock and the outside',
    source: `${patterns}, pattern 16`,
    text: `
      stage i "I" {
        on reply from client go to a
        after 14 days go to o
        on signal paid go to a
      }
      stage a "A" { move to o }
      final stage o "O" success`,
    wrong: [],
  },
  {
    pattern: 'a milestone: possible only while another branch is there',
    source: `${patterns}, pattern 18`,
    text: `
      field open "Open" yes/no
      stage i "I" { edit open  move to a when open  move to o }
      stage a "A" { move to o }
      final stage o "O" success`,
    wrong: [],
  },
  {
    pattern: 'a cancelled case at any place',
    source: `${patterns}, pattern 20`,
    text: `
      on signal cancel go to gone
      stage i "I" { move to a }
      stage a "A" { move to i }
      final stage o "O" success
      final stage gone "Gone"`,
    wrong: ['Z301 o'],
  },
  {
    pattern: 'guards of a choice that leave a range of numbers without a branch',
    source: `${leoni}: a decision that is not total`,
    text: `
      field amount "Amount" number
      stage i "I" { edit amount  require amount  move to decide when amount < 10 or amount > 5 }
      stage decide "Decide" {
        when amount <= 5 go to o
        when amount > 8 go to o
      }
      final stage o "O" success`,
    wrong: ['Z303 decide'],
  },
  {
    pattern: 'the same, with guards that meet',
    source: `${leoni}: a decision that is total`,
    text: `
      field amount "Amount" number
      stage i "I" { edit amount  require amount  move to decide }
      stage decide "Decide" {
        when amount <= 5 go to o
        when amount > 5 go to o
      }
      final stage o "O" success`,
    wrong: [],
  },
  {
    pattern: 'a branch that no value of the decision takes',
    source: `${batoulis}: dead branches`,
    text: `
      field kind "Kind" choice (big, small)
      stage i "I" { edit kind  require kind  move to decide }
      stage decide "Decide" {
        when kind in (big, small) go to o
        when kind = small go to x
      }
      stage x "X" { move to o }
      final stage o "O" success`,
    wrong: ['Z301 x', 'Z306 decide.when.2'],
  },
  {
    pattern: 'a guard that its own data forbid',
    source: `${batoulis}: dead branches`,
    text: `
      field amount "Amount" number
      stage i "I" {
        edit amount
        move to x when amount < 3 and amount > 4
        move to o
      }
      stage x "X" { move to o }
      final stage o "O" success`,
    wrong: ['Z301 x', 'Z307 i.move.1'],
  },
  {
    pattern: 'relaxed soundness: every transition has a good run, yet a run may get stuck',
    source: `${dehnert}: relaxed soundness`,
    text: `
      field first "First" choice (left, right)
      field second "Second" choice (left, right)
      stage i "I" { edit first  require first  move to a }
      stage a "A" {
        on signal left { set second to left  go to join }
        on signal right { set second to right  go to join }
      }
      stage join "Join" {
        when first = left and second = left go to o
        when first = right and second = right go to o
      }
      final stage o "O" success`,
    wrong: ['Z303 join'],
  },
  {
    pattern:
      'the handling of complaints: a questionnaire and an evaluation side by side, then processing and checking in a loop',
    source: `${aalst98}: processing of complaints`,
    text: `
      field answer "Questionnaire" choice (returned, late)
      field processing "To be processed" yes/no
      stage registered "Registered" { move to work }
      stage work "Questionnaire and evaluation" {
        on signal returned when answer is missing { set answer to returned }
        after 2 weeks when answer is missing { set answer to late }
        on signal evaluated_no when processing is missing { set processing to no }
        on signal evaluated_yes when processing is missing { set processing to yes }
        when answer is filled and processing go to process
        when answer is filled and processing is filled go to archived
      }
      stage process "Process complaint" { move to check }
      stage check "Check processing" {
        move to process as "Not well"
        move to archived
      }
      final stage archived "Archived" success`,
    wrong: [],
  },
  {
    pattern: 'the same, with two choices that have to agree and need not',
    source: `${aalst98}: the second net for complaints, in which a token may get stuck`,
    text: `
      field answer "Questionnaire" choice (returned, late)
      field processing "Processing" choice (with_answer, without_answer)
      stage registered "Registered" { move to work }
      stage work "Questionnaire and evaluation" {
        on signal returned when answer is missing { set answer to returned }
        after 2 weeks when answer is missing { set answer to late }
        on signal first when processing is missing { set processing to with_answer }
        on signal second when processing is missing { set processing to without_answer }
        when answer = returned and processing = with_answer go to archived
        when answer = late and processing = without_answer go to archived
      }
      final stage archived "Archived" success`,
    wrong: ['Z303 work'],
  },
]

/** A workspace whose only process is the net. */
export function workspaceOfNet({ text }: Net): string {
  return `company "Nets" { address "Street 1" email "nets@nets.example" }
role clerk "Clerk" { clients: see }
process net "Net" {
  access clerk: see, move, edit
${text}
}
`
}
