import { describe, expect, it } from 'vitest'
import { clinic as byHand, consentWords } from './clinic.ts'
import { readExample } from './examples.ts'
import { accepted, client, evidence, refusal, Story, staff, system } from './story.ts'

describe.each([
  ['written by hand', byHand],
  ['read from its text', readExample('clinic')],
])('a first visit, %s', (_, clinic) => {
  const booking = (consents: Readonly<Record<string, 'given' | 'refused'>> = { reminders: 'given' }) =>
    new Story(clinic, 'visit', {
      values: { mail: 'jan@client.example', visit: '2026-05-20' },
      form: { name: 'book', consents, evidence },
      client: { consents: {} },
    })

  it('waits for the words of consent, ten working days at most', () => {
    const story = booking()
    expect(story.stage).toBe('booked')
    expect(story.letters()).toEqual(['consent'])
    expect(story.state.timers['booked.after.1']).toBe('2026-05-18T12:00:00.000Z')
    story.timer('booked.after.1')
    expect(story.stage).toBe('closed')
  })

  it('enters treatment with the client’s words, and plans the reminder for the day before', () => {
    const story = booking()
    story.reply('consent', `  ${consentWords.toUpperCase()}. `)
    expect(story.stage).toBe('in_treatment')
    expect(story.effects('consent')).toMatchObject([{ purpose: 'treatment', decision: 'given', evidence }])
    expect(story.state.timers).toEqual({ 'in_treatment.at.1': '2026-05-19T00:00:00.000Z' })
    expect(accepted(story.last).log[0]).toMatchObject({ type: 'reply', from: 'booked', to: 'in_treatment' })
  })

  it('has no other way into treatment', () => {
    const story = booking()
    expect(refusal(story.move('in_treatment', 'therapist', 'reception')).code).toBe('manual-entry-forbidden')
    story.reply('consent', 'Yes', 'I consent')
    story.reply('stopped_letter', consentWords)
    story.tell({ type: 'signal', by: system, signal: 'in_treatment' })
    story.consent('reminders', 'withdrawn')
    expect(story.stage).toBe('booked')
  })

  it('stops at once on withdrawal: staff told, the letter composed with the address, then notes and mail erased', () => {
    const story = booking()
    story.reply('consent', consentWords)
    accepted(story.fill({ notes: 'a bad knee' }, staff('therapist')))
    story.consent('treatment', 'withdrawn')
    expect(story.stage).toBe('stopped')
    expect(story.state.ended).toBe('other')
    expect(story.state.values).toEqual({ visit: '2026-05-20' })
    expect(story.state.timers).toEqual({})
    const effects = accepted(story.last).effects
    expect(effects.map((effect) => effect.type)).toEqual(['erase', 'cancel timer', 'notify', 'letter', 'erase'])
    const [letter] = story.effects('letter')
    expect(letter?.state.values).toMatchObject({ mail: 'jan@client.example' })
    expect(letter?.state.values).not.toHaveProperty('notes')
    expect(accepted(story.last).log).toMatchObject([
      { type: 'consent', decision: 'withdrawn' },
      { type: 'erase', fields: ['notes'] },
      { type: 'needs consent', purpose: 'treatment', from: 'in_treatment', to: 'stopped' },
      { type: 'notify' },
      { type: 'letter', letter: 'stopped_letter' },
      { type: 'erase', fields: ['notes', 'mail'] },
      { type: 'ended', to: 'stopped' },
    ])
  })

  it('lets nobody but the therapist write notes, and nobody without consent', () => {
    const story = booking()
    expect(refusal(story.fill({ notes: 'x' })).code).toBe('consent-missing')
    story.reply('consent', consentWords)
    expect(refusal(story.fill({ notes: 'x' }, staff('reception'))).code).toBe('not-editable')
    expect(refusal(story.fill({ notes: 'x' }, client)).code).toBe('not-editable')
    accepted(story.fill({ notes: 'x' }, staff('therapist')))
  })

  it('reminds only those who consented to it', () => {
    const reminded = booking({ reminders: 'given' })
    reminded.reply('consent', consentWords)
    reminded.timer('in_treatment.at.1')
    expect(reminded.letters()).toEqual(['reminder'])

    const other = booking({ reminders: 'refused' })
    other.reply('consent', consentWords)
    other.timer('in_treatment.at.1')
    expect(other.letters()).toEqual([])
    expect(other.log()).toEqual(['timer'])
  })

  it('plans the reminder anew when the visit moves, and drops it when there is none', () => {
    const story = booking()
    story.reply('consent', consentWords)
    story.fill({ visit: '2026-06-01' }, staff('reception'))
    expect(story.state.timers).toEqual({ 'in_treatment.at.1': '2026-05-31T00:00:00.000Z' })
    story.fill({ visit: null }, staff('reception'))
    expect(story.state.timers).toEqual({})
    expect(story.effects('cancel timer')).toHaveLength(1)
  })

  it('ends well when treated, and erases the notes six months later', () => {
    const story = booking()
    story.reply('consent', consentWords)
    expect(refusal(story.move('treated', 'therapist')).because).toContain('notes is filled (clinic.zgoda:85)')
    story.fill({ notes: 'a bad knee' }, staff('therapist'))
    accepted(story.move('treated', 'therapist'))
    expect(story.state.timers).toEqual({ 'erase:treated.enter.1': '2026-11-04T12:00:00.000Z' })
    expect(story.state.ended).toBe('success')
  })

  it('keeps the address when reminders are withdrawn: the booking is a ground of its own', () => {
    const story = booking()
    story.reply('consent', consentWords)
    story.consent('reminders', 'withdrawn')
    expect(story.stage).toBe('in_treatment')
    expect(story.state.values.mail).toBe('jan@client.example')
    expect(story.effects('erase')).toEqual([])
  })

  it('erases what a withdrawal leaves without a ground in a case that has ended too', () => {
    const story = booking()
    story.reply('consent', consentWords)
    story.fill({ notes: 'a bad knee' }, staff('therapist'))
    story.move('treated', 'therapist')
    accepted(story.consent('treatment', 'withdrawn'))
    expect(story.stage).toBe('treated')
    expect(story.effects('erase')).toEqual([{ type: 'erase', fields: ['notes'] }])
    expect(story.log()).toEqual(['consent', 'erase'])
  })
})
