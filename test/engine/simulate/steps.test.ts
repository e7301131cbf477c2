import { describe, expect, it } from 'vitest'
import { tell } from './tell.ts'

const start = '- start: { goods: roses }'

/** Expects that a story comes true; what is wrong with it is shown where it does not. */
function comesTrue(steps: string, options?: Parameters<typeof tell>[1]): void {
  expect(tell(steps, options).wrong).toEqual([])
}

describe('a start', () => {
  it('brings the case to its first stage, with the values given', () => {
    comesTrue(
      '- start: { goods: roses, price: "12.50" }\n- expect: { stage: new, fields: { goods: roses, price: 12.5 } }',
    )
  })

  it('is refused for a value of the wrong kind', () => {
    expect(tell('- start: { goods: lilies }').wrong).toEqual([
      '`start: goods = lilies` was refused: “Goods” (`goods`) must be one of roses, tulips',
    ])
    comesTrue('- start: { goods: lilies }\n  refused: must be one of ROSES')
  })

  it('comes once', () => {
    comesTrue(`${start}\n- start: {}\n  refused: has started already`)
  })

  it('is another process’s where no role may start one', () => {
    const workspace = 'process p { field x "X" text stage s { after 1 day go to e } final stage e { } }'
    comesTrue('- start: { x: a }\n- expect: { stage: s, fields: { x: a } }', { process: 'p', workspace })
  })

  it.each(['move: packing', 'fill: { price: 1 }', 'reply: { saying: yes }', 'form: more', 'signal: paid'])(
    'is needed before `%s`',
    (step) => comesTrue(`- ${step}\n  refused: has not started`),
  )
})

describe('a move', () => {
  it('is made by somebody with every role, or by one role', () => {
    comesTrue('- start: { price: 1 }\n- move: packing\n  refused: manual entry')
    comesTrue(`${start}\n- give: offers\n- move: { to: checked, by: boss }\n  refused: only \`clerk\``)
    comesTrue(`${start}\n- give: offers\n- move: checked\n- expect: { stage: checked }`)
  })

  it('fails the story where it is refused and nothing said so', () => {
    const { wrong } = tell(`${start}\n- move: closed`)
    expect(wrong).toHaveLength(1)
    expect(wrong[0]).toMatch(
      /^`move to closed` was refused: no move from “New” to “Closed” is declared \(shop\.zgoda:\d+\)/,
    )
  })

  it('fails the story where it is allowed and was to be refused', () => {
    expect(tell(`${start}\n- give: offers\n- move: checked\n  refused: consent`).wrong).toEqual([
      '`move to checked` had to be refused because of `consent`, and was not',
    ])
  })

  it('fails the story where it is refused for another reason', () => {
    const { wrong } = tell(`${start}\n- move: checked\n  refused: price`)
    expect(wrong[0]).toMatch(
      /^`move to checked` was refused for another reason than `price`: .*needs the client’s consent/,
    )
  })

  it('may be expected to be refused by the code of the refusal', () => {
    comesTrue(`${start}\n- move: checked\n  refused: consent-missing`)
  })
})

describe('filling in', () => {
  it('sets and clears fields of every kind', () => {
    comesTrue(`${start}
- fill: { extras: [ribbon, card], paid: true, price: 40, contact: eva@client.example }
- expect: { fields: { extras: [card, ribbon], paid: "yes", price: 40 } }
- fill: { price: "", extras: [] }
- expect: { fields: { price: "", extras: "" } }`)
  })

  it('is refused for what consent does not open', () => {
    comesTrue(
      `${start}\n- fill: { hobby: chess }\n  refused: ask the client to consent first\n- give: offers\n- fill: { hobby: chess }`,
    )
  })
})

describe('a reply', () => {
  const agreed = '- expect: { consent: { offers: given } }'
  const silent = '- expect: { stage: new, consent: { offers: none }, notified: [] }'

  it('counts by the client’s own words: without greeting, quotation and signature', () => {
    const saying = String.raw`"Good morning,\n\nYES!\n\nBest regards\nAnna\n\n> no"`
    comesTrue(`${start}\n- reply: { saying: ${saying} }\n${agreed}`)
  })

  it('does not count from a stranger, nor from a machine, and is no failure', () => {
    comesTrue(
      `${start}\n- reply: { from: eva@other.example, saying: "yes" }\n- reply: { auto: true, saying: "yes" }\n${silent}`,
    )
    const { outcomes } = tell(
      `${start}\n- reply: { from: eva@other.example, saying: "yes" }\n- reply: { auto: true, saying: "yes" }`,
    )
    expect(outcomes[1]?.[0]).toContain('its sender is none of the client’s addresses')
    expect(outcomes[2]?.[0]).toContain('it is an automatic answer')
  })

  it('may be expected not to count', () => {
    comesTrue(`${start}\n- reply: { auto: true, saying: "yes" }\n  refused: automatic`)
    expect(tell(`${start}\n- reply: { saying: "yes" }\n  refused: automatic`).wrong).toHaveLength(1)
  })

  it('counts from each address of the client, however it is written', () => {
    comesTrue(
      `- start: { contact: eva@client.example }\n- reply: { from: Anna@Client.example, saying: "yes" }\n${agreed}`,
    )
    comesTrue(
      `- start: { contact: eva@client.example }\n- reply: { from: eva@client.example, saying: "yes" }\n${agreed}`,
    )
  })

  it('counts from the address that the letter went to, though the case holds it no more', () => {
    comesTrue(
      `- start: { contact: eva@client.example }
- erase: contact
- reply: { from: eva@client.example, saying: "yes" }
${agreed}`,
      { client: '{}' },
    )
  })

  it('answers no letter where the client has no address', () => {
    comesTrue(`${start}\n- reply: { saying: "yes" }\n${silent.replace(', notified: []', '')}`, { client: '{}' })
    const { outcomes } = tell(`${start}\n- reply: { saying: "yes" }`, { client: '{}' })
    expect(outcomes[1]).toEqual(['it does not count: no letter was sent that it could answer'])
  })

  it('answers the letter that it names', () => {
    comesTrue(
      `${start}\n- reply: { to: news, saying: "yes" }\n  refused: no letter \`news\` was sent\n- reply: { to: question, saying: "yes" }\n${agreed}`,
    )
  })

  it('that says nothing known falls to the next rule', () => {
    comesTrue(
      `${start}\n- reply: { saying: "yes, but not now" }\n- expect: { notified: [clerk], consent: { offers: none } }`,
    )
  })
})

describe('a form', () => {
  it('starts the case, with its answers and consents', () => {
    comesTrue(`- form: { name: order_form, fields: { goods: tulips }, consents: { offers: given } }
- expect: { stage: new, fields: { goods: tulips }, consent: { offers: given } }`)
  })

  it('fills an open case', () => {
    comesTrue(
      `${start}\n- form: { name: more, fields: { address: Main St 1 } }\n- expect: { fields: { price: 5, address: Main St 1 } }`,
    )
  })

  it('is refused without its required answers', () => {
    comesTrue('- form: order_form\n  refused: needs an answer to')
    comesTrue(`${start}\n- form: more\n  refused: needs an answer to`)
  })

  it('that starts a case fills none, and is open only in the portal', () => {
    comesTrue(`${start}\n- form: { name: order_form, fields: { goods: roses } }\n  refused: no such form fills`)
    const workspace =
      'form f "F" { starts p ask x }\nrole r\nprocess p { access r: see, move field x "X" text stage s { after 1 day go to e } final stage e { } }'
    comesTrue('- form: f\n  refused: not shown in the portal', { process: 'p', workspace })
  })
})

describe('a consent decided elsewhere', () => {
  it('is given, refused and withdrawn, and rules hear of it', () => {
    comesTrue(`${start}
- give: offers
- expect: { stage: new, consent: { offers: given } }
- withdraw: offers
- expect: { stage: closed, consent: { offers: withdrawn } }`)
    comesTrue(`${start}\n- refuse: offers\n- expect: { stage: new, consent: { offers: refused } }`)
  })

  it('may stand before the case starts', () => {
    comesTrue(
      '- give: offers\n- start: { hobby: chess }\n- expect: { fields: { hobby: chess }, consent: { offers: given } }',
    )
  })

  it('erases on withdrawal what it was the ground for', () => {
    comesTrue(`- give: offers
- start: { hobby: chess }
- expect: { visible: [hobby] }
- withdraw: offers
- expect: { hidden: [hobby], fields: { hobby: erased } }`)
  })

  it('leads a case out of a stage that needs it', () => {
    comesTrue(`${start}\n- give: offers\n- move: checked\n- withdraw: offers\n- expect: { stage: closed }`)
  })

  it('that stands already changes nothing', () => {
    const { outcomes } = tell(`${start}\n- give: offers\n- give: offers`)
    expect(outcomes[2]).toEqual(['it stands already'])
  })

  it('that rules can’t follow is refused, and changes nothing', () => {
    const workspace = `role r
purpose a "A" { basis consent text "We use it." keep until end }
process p { access r: see, move
stage s { when consent to a go to t move to e } stage t { when consent to a go to s move to e } final stage e { } }`
    comesTrue('- start: {}\n- give: a\n  refused: fire each other\n- expect: { stage: s, consent: { a: none } }', {
      process: 'p',
      workspace,
    })
  })

  it('is refused for a purpose that rests on something else', () => {
    comesTrue(`${start}\n- withdraw: delivery\n  refused: rests on contract`)
  })
})

describe('a signal', () => {
  it('sets off the rule that waits for it, and is refused where none does', () => {
    comesTrue(`${start}\n- signal: paid\n- expect: { stage: packing }\n- signal: paid\n  refused: waits for signal`)
  })

  it('`cases done` says that the cases it started have ended', () => {
    comesTrue(
      `${start}\n- signal: cases done\n  refused: has started no other\n- signal: ship\n- signal: cases done\n- expect: { stage: closed }`,
    )
  })
})

describe('waiting', () => {
  it('fires what is due on the way, in order of time, and nothing before', () => {
    comesTrue(`${start}\n- wait: 9 days\n- expect: { stage: new }\n- wait: 1 day\n- expect: { stage: closed }`)
    const { outcomes } = tell(`${start}\n- give: offers\n- wait: 20 days`)
    expect(outcomes[2]?.map((line) => line.slice(0, 22))).toEqual([
      '2026-03-04 08:00 UTC  ', // the second working day: Wednesday
      '2026-03-04 08:00 UTC  ',
      '2026-03-12 08:00 UTC  ',
      '2026-03-12 08:00 UTC  ',
      '2026-03-15 08:00 UTC  ',
      '2026-03-15 08:00 UTC  ',
    ])
  })

  it('counts working time by the workspace’s hours and holidays', () => {
    const workspace = (rule: string) => `hours { monday to friday 8:00 to 16:00 holidays 2026-03-05 }
role r\nprocess p { access r: see, move stage s { ${rule} } final stage e { } }`
    const options = { process: 'p', workspace: workspace('after 4 working days go to e') }
    // Tuesday, Wednesday, not Thursday, Friday, Monday at 9:00.
    comesTrue('- start: {}\n- wait: 6 days\n- expect: { stage: s }\n- wait: 1 day\n- expect: { stage: e }', options)
    comesTrue(
      '- start: {}\n- wait: 3 working days\n- expect: { stage: s }\n- wait: 1 working day\n- expect: { stage: e }',
      options,
    )
  })

  it('erases what is erased after a time', () => {
    comesTrue(`- start: { contact: eva@client.example }
- signal: paid
- move: closed
- expect: { scheduled: [contact], fields: { contact: eva@client.example } }
- wait: 3 days
- expect: { scheduled: [], fields: { contact: erased } }`)
  })

  it('reaches dates, which begin at midnight in the workspace’s time zone', () => {
    comesTrue(`- start: { day: 2026-03-03 }
- expect: { stage: new, scheduled: [packing] }
- wait: 14 hours
- expect: { stage: new }
- wait: 60 minutes
- expect: { stage: packing }`)
  })

  it('is not needed for a time that is past', () => {
    comesTrue('- start: { day: 2026-03-01 }\n- expect: { stage: packing }')
  })

  it('does not go on for ever where rules wait for no time at all', () => {
    const workspace =
      'role r\nprocess p { access r: see, move stage a { after 0 days go to b } stage b { after 0 days go to a move to e } final stage e { } }'
    const { wrong } = tell('- start: {}', { process: 'p', workspace })
    expect(wrong[0]).toContain('more than 10000 timers went off in this step')
  })
})

describe('erasing', () => {
  it('takes fields away by hand', () => {
    comesTrue(
      '- start: { address: Main St 1, price: 3 }\n- erase: [address]\n- expect: { fields: { address: erased, price: 3 } }',
    )
  })

  it('of the client ends consents, forgets personal values and addresses', () => {
    comesTrue(`- start: { contact: eva@client.example, price: 3 }
- give: offers
- erase: client
- expect: { consent: { offers: withdrawn }, fields: { contact: erased, price: 3 }, stage: closed }
- give: offers
  refused: the client was erased`)
    const { outcomes } = tell(`${start}\n- erase: client\n- reply: { saying: "yes" }`)
    expect(outcomes[2]).toEqual(['it does not count: the client was erased'])
  })

  it('needs the right to it', () => {
    const workspace =
      'role r\nprocess p { access r: see, move field x "X" text stage s { move to e } final stage e { } }'
    comesTrue('- start: {}\n- erase: x\n  refused: needs the role\n- erase: client\n  refused: no role has it', {
      process: 'p',
      workspace,
    })
  })

  it('of which a part is refused takes nothing away', () => {
    const workspace =
      'role r\nprocess p { access r: see, move, edit, erase field x "X" text stage s { edit x move to e } final stage e { } }'
    comesTrue('- start: { x: a }\n- erase: [x, client]\n  refused: no role has it\n- expect: { fields: { x: a } }', {
      process: 'p',
      workspace,
    })
  })

  it('of the client by a rule does all the same', () => {
    const workspace = `role r
purpose a "A" { basis consent text "We use it." keep until end }
letter l "L" { body "Hello." }
process p { access r: see, move, edit field x "X" text personal for a
stage s { edit x on enter { send l to client } move to t }
stage t { on enter { erase client } on reply from client go to e move to e } final stage e { } }`
    comesTrue(
      `- give: a
- start: { x: secret }
- move: t
- expect: { consent: { a: withdrawn }, fields: { x: erased } }
- reply: { saying: Hello }
  refused: the client was erased`,
      { process: 'p', workspace },
    )
  })
})
