import { either, key, list, mapped, mention, must, type RecordShape, record, scalar, word } from './shape.ts'
import { consentStatuses } from './vocabulary.ts'

/** A file of scenarios (`*.test.yaml`): stories of one process, told step by step, with what each must lead to. */

const refused = key(scalar('string'), 'The step must fail, and its reason hold these words.')
/** The options of `many` stand in a list. */
const fields = mapped('field', either(scalar('value'), list(scalar('value'))))
const names = (of: Parameters<typeof mention>[0]) => list(mention(of))

const moveShape = either(
  mention('stage'),
  record('a move', 'A person moves the case.', {
    to: must(mention('stage'), 'The stage.'),
    by: key(mention('role'), 'Who moves it; somebody with every role if left out.'),
  }),
)

const replyShape = record('a reply', 'A letter comes in that answers the last one sent.', {
  saying: must(scalar('string'), 'Its words, quotation and all.'),
  from: key(scalar('string'), 'Who writes; the client if left out.'),
  to: key(mention('letter'), 'Which letter it answers; the last one sent if left out.'),
  auto: key(scalar('flag'), 'It is automatic: an out-of-office note, for one.'),
})

const formShape = record('a sent form', 'The client sends a form.', {
  name: must(mention('form'), 'The form.'),
  fields: key(fields, 'What the client wrote.'),
  consents: key(mapped('purpose', word(['given', 'refused'], 'answer')), 'Yes or No to each purpose.'),
})

const expectShape = record('an expectation', 'What must hold now.', {
  stage: key(mention('stage'), 'Where the case is.'),
  letters: key(names('letter'), 'The letters sent so far, in order.'),
  notified: key(list(mention('role', ['everyone', 'assignee'])), 'Who was notified so far.'),
  consent: key(mapped('purpose', word(consentStatuses, 'state of a consent')), 'How consents stand.'),
  visible: key(names('field'), 'Fields that staff see.'),
  editable: key(names('field'), 'Fields that staff may change.'),
  hidden: key(names('field'), 'Fields that nobody sees.'),
  fields: key(fields, 'What fields hold.'),
  scheduled: key(list(scalar('string')), 'What waits for its time.'),
  ended: key(word(['false', 'true', 'success'], 'kind of end'), 'Whether the case has ended, and how.'),
})

const steps = {
  start: key(fields, 'The case starts, with these values.'),
  move: key(moveShape, 'A person moves the case.'),
  fill: key(fields, 'A person fills fields in.'),
  reply: key(replyShape, 'A letter comes in.'),
  form: key(either(mention('form'), formShape), 'The client sends a form.'),
  give: key(mention('purpose'), 'The client gives a consent in the portal.'),
  refuse: key(mention('purpose'), 'The client refuses one.'),
  withdraw: key(mention('purpose'), 'The client withdraws one.'),
  signal: key(
    mention('signal', ['cases done']),
    'An outside system calls; or all cases that this one started have ended.',
  ),
  wait: key(scalar('duration'), 'Time passes.'),
  erase: key(list(mention('field', ['client'])), 'A person erases fields, or the client.'),
  expect: key(expectShape, 'What must hold now.'),
}

const stepShape = record(
  'a step',
  'Something happens, or something must hold.',
  { ...steps, refused },
  Object.keys(steps),
)

const clientShape = record('the client', 'Whom the case is about.', {
  name: key(scalar('string'), 'Their name.'),
  email: key(scalar('string'), 'Their e-mail address.'),
  phone: key(scalar('string'), 'Their telephone number.'),
})

const scenarioShape = record('a scenario', 'One story.', {
  name: must(scalar('string'), 'What it shows, as a sentence.'),
  client: key(clientShape, 'Whom the case is about; a client without a name or address if left out.'),
  steps: must(list(stepShape), 'What happens, in order.'),
})

export const scenariosShape: RecordShape = record('scenarios', 'Tests of a process, run by `zgoda test`.', {
  process: must(mention('process'), 'The process that the scenarios are about.'),
  scenarios: must(list(scenarioShape), 'The stories.'),
})
