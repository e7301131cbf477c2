import { describe, expect, it } from 'vitest'
import { ownWords } from '../../../runtime/mail/own-words.ts'

const quote = '> Dzień dobry,\n> odpowiedz: I agree\n> no\n'

describe('the sender’s own words', () => {
  it.each([
    [
      'Gmail',
      `I agree\n\nOn Wed, Mar 12, 2025 at 10:20 AM Flower Shop <\noffice+abc.7.def@shop.example> wrote:\n\n${quote}`,
    ],
    [
      'Gmail in Polish',
      `I agree\n\nśr., 12 mar 2025 o 10:20 Kwiaciarnia <office@shop.example> napisał(a):\n\n${quote}`,
    ],
    [
      'Gmail in older Polish',
      `I agree\n\nW dniu śr., 12 mar 2025 o 10:20 Kwiaciarnia <\noffice@shop.example> napisał(a):\n\n${quote}`,
    ],
    ['Thunderbird in Polish', `I agree\n\nW dniu 12.03.2025 o 10:20, Kwiaciarnia pisze:\n${quote}`],
    [
      'Polish web mail',
      'I agree\n\nDnia 12 marca 2025 10:20 Kwiaciarnia <office@shop.example> napisał(a):\n\nDzień dobry\nno\n',
    ],
    [
      'Apple Mail in Polish',
      'I agree\n\n> Wiadomość napisana przez Kwiaciarnia <office@shop.example> w dniu 12.03.2025, o godz. 10:20:\n> \n> no\n',
    ],
    [
      'Apple Mail in Polish, unmarked',
      'I agree\n\nWiadomość napisana przez Kwiaciarnia <office@shop.example> w dniu 12.03.2025, o godz. 10:20:\n\nno\n',
    ],
    [
      'an iPhone',
      `I agree\n\nSent from my iPhone\n\nOn Apr 3, 2025, at 4:19 PM, Shop <office@shop.example> wrote:\n\n${quote}`,
    ],
    [
      'an iPhone in Polish',
      'I agree\n\nWysłane z iPhone’a\n\n> Wiadomość napisana przez Shop w dniu 3 kwi 2025, o godz. 16:19:\n> \n> no\n',
    ],
    [
      'Outlook',
      'I agree\n\nFrom: Shop <office@shop.example>\nSent: Monday, April 2, 2025 5:44 PM\nTo: Anna\nSubject: RE: x\n\nHello\nno\n',
    ],
    [
      'Outlook in Polish',
      'I agree\n\nOd: Shop <office@shop.example>\nWysłano: poniedziałek, 2 kwietnia 2025 17:44\nDo: Anna\nTemat: Odp\n\nno\n',
    ],
    [
      'Outlook below a line',
      'I agree\n________________________________\nOd: Shop <office@shop.example>\nWysłane: poniedziałek\nDo: Anna\nTemat: Odp\n\nno\n',
    ],
    ['old Outlook', 'I agree\n\n-----Original Message-----\nFrom: Shop\n\nno\n'],
    ['old Outlook in Polish', 'I agree\n\n----- Oryginalna wiadomość -----\nno\n'],
    ['a forward', 'I agree\n\n---------- Forwarded message ---------\nno\n'],
    [
      'a program in Russian',
      `I agree\n02.04.2025 14:20 пользователь "Shop" <\noffice@shop.example> написал:\n\n${quote}`,
    ],
    ['a program in German', `I agree\n\nAm 12.03.2025 um 10:20 schrieb Shop <office@shop.example>:\n${quote}`],
    ['an answer below the quotation', `On 12 Mar 2025, Shop wrote:\n${quote}\nI agree\n`],
    [
      'an answer within the quotation',
      'On 12 Mar 2025, Shop wrote:\n> Reply I agree or no\nI agree\n> The agreement is attached\n',
    ],
    ['a signature', 'I agree\n-- \nAnna Nowak\nno\n'],
    ['a closing', 'I agree\n\nBest regards,\nAnna Nowak\n+48 600 100 200\n'],
    ['a Polish closing', 'I agree\n\nZ poważaniem\nAnna Nowak\n'],
    ['a greeting', 'Hello,\n\nI agree'],
    ['a greeting with a name', 'Dear Flower Shop,\nI agree'],
    ['a Polish greeting', 'Szanowni Państwo,\n\nI agree'],
    ['a greeting on the same line', 'Hi Anna, I agree'],
    ['a Polish greeting on the same line', 'Dzień dobry, I agree'],
  ])('of %s are what was written above, below or between', (_, text) => {
    expect(ownWords(text)).toEqual(['I agree'])
    expect(ownWords(text.replaceAll('\n', '\r\n'))).toEqual(['I agree'])
  })

  it('keep a sentence whole: who does not think they agree has not agreed', () => {
    expect(ownWords('I do not think I agree')).toEqual(['I do not think I agree'])
    const broken =
      'Thank you very much for your letter and for the flowers, but I do not\nthink that, all in all and after reading the whole agreement twice, that\nI agree\n'
    expect(ownWords(broken)).toHaveLength(1)
  })

  it('keep lines that the sender wrote as lines', () => {
    expect(ownWords('I agree\nno')).toEqual(['I agree', 'no'])
    expect(ownWords('Thank you for the flowers, they are lovely and stand in the hall.\nI agree')).toHaveLength(2)
  })

  it('keep what only looks like quotation or signature', () => {
    expect(ownWords('On Monday I will come.\nMy answer: no\nHe wrote:\nok')).toEqual([
      'On Monday I will come.',
      'My answer: no',
      'He wrote:',
      'ok',
    ])
    expect(ownWords('W dniu ślubu\nnie\nJan napisał:\nx')).toContain('nie')
    expect(ownWords('Op dit\nno\nschreef: x')).toContain('Op dit')
    expect(ownWords('From: me with love\nno')).toEqual(['From: me with love', 'no'])
    expect(ownWords('I agree\nCheers,\nno')).toEqual(['I agree', 'no'])
    expect(ownWords('I agree\nThanks\nbut not to the photos')).toEqual(['I agree', 'but not to the photos'])
  })

  it('are none where all is quoted or empty', () => {
    expect(ownWords(quote)).toEqual([])
    expect(ownWords('')).toEqual([])
    expect(ownWords('\n\n-- \nAnna')).toEqual([])
  })

  it.each([
    ['long lines', 'On a b '.repeat(60_000)],
    ['many lines', 'W dniu x\n'.repeat(100_000)],
    ['marks', `From: ${'<'.repeat(100_000)}`],
    ['dashes', '-'.repeat(200_000)],
    ['header names', 'From: a\nOd: b\n'.repeat(20_000)],
    ['greetings', `Hello ${'Anna '.repeat(50_000)}`],
    ['colons', `${'a:'.repeat(100_000)}\n> x`],
  ])('are found in hostile text of %s without taking long', (_, text) => {
    const started = performance.now()
    ownWords(text)
    expect(performance.now() - started).toBeLessThan(1_500)
  })
})
