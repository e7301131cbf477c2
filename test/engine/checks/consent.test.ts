import { describe, expect, it } from 'vitest'
import { placesOf, saidBy } from './found.ts'

/** A shop whose process has these rules and actions in its first stage, and this form. */
const shop = (stage: string, form = '', fields = '') => `purpose offers "Send you offers" {
  basis consent
  text "About once a month we write to you about new flowers. You can say no."
}
purpose photos "Show your bouquet" { basis consent text "We show a photo of your bouquet. You can say no." }
letter question "May we send you offers?" { body "Reply with one line: **yes**." }
company "Anna's Flowers"
role florist "Florist"
${form && `form ask_more "More" { fills order\n${form}\n}`}
process order "Order" {
  show in portal
  ${fields}
  stage new "New" {
    ${stage}
    move to done
  }
  final stage done "Done"
}`

const given = 'record consent to offers'

describe('silence taken for consent (Z404)', () => {
  it.each([
    ['comes to a stage', `on enter { ${given} }`],
    ['leaves a stage', `on leave { ${given} }`],
    ['when time has passed', `after 14 days { ${given} }`],
    ['when a day or hour', `at case.created + 3 days { ${given} }`],
    ['as soon as a condition', `when case.created < now { ${given} }`],
    ['signal', `on signal paid { ${given} }`],
    ['staff', `move to done by florist { ${given} }`],
    ['other cases', `on cases done { ${given} }`],
    ['another decision', `on consent to photos given { ${given} }`],
  ])('is told where it %s', (words, rule) => {
    expect(placesOf('Z404', shop(rule))).toEqual([expect.stringContaining(given)])
    expect(saidBy('Z404', shop(rule))[0]).toContain(words)
  })

  it('is told in a rule of the whole process', () => {
    expect(placesOf('Z404', shop('', '', `after 3 days { ${given} }`))).toHaveLength(1)
  })

  it('is not told where the client writes the agreed words', () => {
    expect(saidBy('Z404', shop(`on reply from client to question saying "yes" { ${given} }`))).toEqual([])
  })

  it('is told of a refusal where nobody has acted, and only there', () => {
    const refused = `${given} refused`
    expect(saidBy('Z404', shop(`after 14 days { ${refused} }`))).toEqual([
      'consent to `offers` is recorded as refused when time has passed, where nobody has said no',
    ])
    expect(saidBy('Z404', shop(`on enter { ${refused} }`))).toHaveLength(1)
    expect(saidBy('Z404', shop(`at case.created + 3 days { ${refused} }`))).toHaveLength(1)
    expect(saidBy('Z404', shop(`move to done by florist { ${refused} }`))).toEqual([])
    expect(saidBy('Z404', shop(`on reply from client { ${refused} }`))).toEqual([])
  })

  describe('in a form', () => {
    const agree = 'field agree "I agree" yes/no'
    const ticked = 'field agree "I agree" yes/no default yes'
    const unticked = 'field agree "I agree" yes/no default no'

    it.each([
      ['is sent whatever it says', `on form ask_more { ${given} }`, 'ask agree', agree],
      ['asks, and its answer is not looked at', `on form ask_more { ${given} }`, 'ask consent to offers', ''],
      ['does not ask for it', `on form ask_more when consent to offers { ${given} }`, 'ask agree', agree],
      ['asks for another', `on form ask_more when consent to photos { ${given} }`, 'ask consent to photos', ''],
      [
        'asks, and no answer is enough',
        `on form ask_more when consent to offers is none { ${given} }`,
        'ask consent to offers',
        '',
      ],
      ['asks, and no answer is as good as a yes', `on form ask_more when not agree { ${given} }`, 'ask agree', agree],
      ['has yes chosen already', `on form ask_more when agree { ${given} }`, 'ask agree', ticked],
      ['has an answer already', `on form ask_more when agree is filled { ${given} }`, 'ask agree', unticked],
      [
        'asks something that may be passed over',
        `on form ask_more when agree or paid { ${given} }`,
        'ask agree',
        `${agree}\nfield paid "Paid" yes/no`,
      ],
      [
        'reads what it does not ask',
        `on form ask_more when paid { ${given} }`,
        'ask agree',
        `${agree}\nfield paid "Paid" yes/no`,
      ],
    ])('is told where it %s', (_, rule, form, fields) => {
      expect(saidBy('Z404', shop(rule, form, fields))).toEqual([
        'consent to `offers` is recorded though the client may send form `ask_more` without having said yes',
      ])
    })

    it.each([
      [
        'the answer to its question',
        `on form ask_more when consent to offers { ${given} }`,
        'ask consent to offers',
        '',
      ],
      ['the same in the action', `on form ask_more { ${given} when consent to offers }`, 'ask consent to offers', ''],
      ['a box that the client ticks', `on form ask_more when agree { ${given} }`, 'ask agree', agree],
      ['a box that is not ticked beforehand', `on form ask_more when agree { ${given} }`, 'ask agree', unticked],
      ['a box that the client empties', `on form ask_more when not agree { ${given} }`, 'ask agree', ticked],
      ['a box and more', `on form ask_more when agree and case.created < now { ${given} }`, 'ask agree', agree],
      [
        'a day that the client writes',
        `on form ask_more when since <= today { ${given} }`,
        'ask since',
        'field since "Since" date',
      ],
      [
        'a choice',
        `on form ask_more when answer = accept { ${given} }`,
        'ask answer',
        'field answer "Answer" choice (accept, decline)',
      ],
    ])('is not told of %s', (_, rule, form, fields) => {
      expect(saidBy('Z404', shop(rule, form, fields))).toEqual([])
    })
  })

  it('is told where a box that a form shows ticked adds a consent to the words of a reply', () => {
    const reply = `on reply from client saying "yes" { ${given} when agree }`
    expect(saidBy('Z404', shop(reply, 'ask agree', 'field agree "Offers too" yes/no default yes'))).toEqual([
      'consent to `offers` is recorded on an answer that is preset',
    ])
    expect(saidBy('Z404', shop(reply, 'ask agree', 'field agree "Offers too" yes/no default no'))).toEqual([])
    expect(saidBy('Z404', shop(reply, '', 'field agree "In season" yes/no default yes'))).toEqual([])
  })
})

describe('any reply taken for consent (Z405)', () => {
  it('is told at the action', () => {
    expect(placesOf('Z405', shop(`on reply from client to question { ${given} }`))).toEqual([`${given} }`])
  })

  it('is not told of a refusal, nor of what the reply says', () => {
    expect(saidBy('Z405', shop(`on reply from client { ${given} refused }`))).toEqual([])
    expect(saidBy('Z405', shop(`on reply from client saying "yes" { ${given} }`))).toEqual([])
  })
})

describe('one act taken for several consents (Z415)', () => {
  const both = `${given}\n record consent to photos`

  it('is told at the second, once', () => {
    const text = shop(`on reply from client saying "yes" { ${both} }`)
    expect(placesOf('Z415', text)).toEqual(['record consent to photos }'])
    expect(saidBy('Z415', text)).toEqual(['one reply is taken for consent to `offers` and to `photos`'])
  })

  it('is told once of three', () => {
    const text = shop(`on reply from client saying "yes" { ${both}\n record consent to calls }`)
    expect(
      placesOf('Z415', `${text}\npurpose calls "Call you" { basis consent text "We call you. You can say no." }`),
    ).toEqual(['record consent to photos'])
  })

  it('is told of one box in a form', () => {
    const form = shop(`on form ask_more when agree { ${both} }`, 'ask agree', 'field agree "I agree" yes/no')
    expect(saidBy('Z415', form)).toEqual(['one answer is taken for consent to `offers` and to `photos`'])
  })

  it('is not told where each has its question', () => {
    const own = `on form ask_more {\n ${given} when consent to offers\n record consent to photos when consent to photos }`
    expect(saidBy('Z415', shop(own, 'ask consent to offers\nask consent to photos'))).toEqual([])
    const boxes = `on form ask_more {\n ${given} when a\n record consent to photos when b }`
    const fields = 'field a "Offers" yes/no\nfield b "Photos" yes/no'
    expect(saidBy('Z415', shop(boxes, 'ask a\nask b', fields))).toEqual([])
  })

  it('is not told of a refusal, of the same twice, or of two replies', () => {
    const rule = (actions: string) => shop(`on reply from client saying "yes" { ${actions} }`)
    expect(saidBy('Z415', rule(`${given}\n record consent to photos refused`))).toEqual([])
    expect(saidBy('Z415', rule(`${given}\n ${given}`))).toEqual([])
    const two = `on reply from client saying "a" { ${given} }\n on reply from client saying "b" { record consent to photos }`
    expect(saidBy('Z415', shop(two))).toEqual([])
  })
})

describe('a consent that is asked for and can never be withdrawn (Z408)', () => {
  const hidden = (text: string) => text.replace('show in portal', '')
  const asked = shop('', 'ask consent to offers')
  const askedByReply = shop(`on reply from client saying "yes" { ${given} }`)

  it('is told at the question, or at the action that records it', () => {
    expect(placesOf('Z408', hidden(asked))).toEqual(['ask consent to offers'])
    expect(placesOf('Z408', hidden(askedByReply))).toEqual([`${given} }`])
  })

  it('is told once for each purpose', () => {
    expect(placesOf('Z408', hidden(shop('', 'ask consent to offers\nask consent to photos')))).toHaveLength(2)
    expect(
      placesOf('Z408', hidden(shop(`on reply from client saying "yes" { ${given} }`, 'ask consent to offers'))),
    ).toEqual(['ask consent to offers'])
  })

  it('is not told where any process is shown in the portal', () => {
    expect(saidBy('Z408', asked)).toEqual([])
    const other = 'process help "Help" { show in portal stage new "New" { move to done } final stage done "Done" }'
    expect(saidBy('Z408', `${hidden(asked)}\n${other}`)).toEqual([])
  })

  it('is not told where the process writes to the client, whose letters carry the way back', () => {
    const writes = (to: string, fields = '') =>
      hidden(shop(`on enter { send question to ${to} }`, 'ask consent to offers', fields))
    expect(saidBy('Z408', writes('client'))).toEqual([])
    expect(saidBy('Z408', writes('mail', 'field mail "E-mail" client email personal for offers'))).toEqual([])
    expect(saidBy('Z408', writes('mail', 'field mail "E-mail" email personal for offers'))).toHaveLength(1)
    expect(saidBy('Z408', writes('florist'))).toHaveLength(1)
  })

  it('is not told where another process holds its data and writes to the client', () => {
    const holder = (purpose: string) => `process club "Club" {
      access florist: see
      field birthday "Birthday" date personal for ${purpose}
      show birthday
      stage new "New" { on enter { send question to client } move to done }
      final stage done "Done"
    }`
    expect(saidBy('Z408', `${hidden(asked)}\n${holder('offers')}`)).toEqual([])
    expect(saidBy('Z408', `${hidden(asked)}\n${holder('photos')}`)).toHaveLength(1)
  })
})
