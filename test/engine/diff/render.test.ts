import { describe, expect, it } from 'vitest'
import { readWorkspace } from '../../../dsl/workspace.ts'
import { diff, differencesInText } from '../../../engine/diff/index.ts'

const read = (text: string) => {
  const { definition, problems } = readWorkspace([{ name: 'shop.zgoda', text }])
  if (!definition) throw new Error(JSON.stringify(problems))
  return definition
}

const before = read(`role clerk "Clerk"
purpose offers "Offers" {
  basis consent
  text "We write."
}
letter hello "Hello" {
  body """
    Dear client,
    this is the first line.
    Yours
  """
}
process order "Order" {
  access clerk: see, move
  field note "Note" text
  stage new "New" {
    show note
    after 14 days go to done
    move to done
  }
  final stage done "Done" success
}
process old "Old" {
  stage only "Only" { move to end }
  final stage end "End" success
}
`)

const after = read(`role clerk "Clerk" { clients: see }
purpose offers "Offers" {
  basis consent
  text "We write and ring."
}
letter hello "Hello" {
  body """
    Dear client,
    this is another line.
    Yours
  """
}
process order "Order" {
  access clerk: see, move, edit
  field note "Note" text
  stage fresh "New" was new {
    after 7 days go to done
    move to packed
  }
  stage packed "Packed" {
    show note to clerk
    on enter { notify clerk "Send it" }
    move to done
  }
  final stage done "Done" success
}
`)

describe('differences in text', () => {
  it('read like a code review, process by process', () => {
    expect(differencesInText(diff(before, after))).toBe(`the workspace
  ~ role clerk, clients: none → see  shop.zgoda:1
  ~ letter hello, body  shop.zgoda:6
      - this is the first line.
      + this is another line.
  ~ purpose offers, text: "We write." → "We write and ring."  shop.zgoda:2
      * clients must be asked again: its text is new; raise its version to 2

process old
  - the whole process: "Old"  shop.zgoda:23

process order
  ~ access clerk: see, move → see, move, edit  shop.zgoda:13
  + stage packed: "Packed"  shop.zgoda:20
      * show note to clerk
      * on enter notify clerk "Send it"
      * move to done
  ~ stage fresh was called new  shop.zgoda:16
  - at fresh: move to done  shop.zgoda:19
  + at fresh: move to packed  shop.zgoda:18
  ~ at fresh: rule: after 14 days go to done → after 7 days go to done  shop.zgoda:17
  - at fresh: field note: shown  shop.zgoda:17
`)
  })

  it('say so where there are none', () => {
    expect(differencesInText(diff(after, after))).toBe('nothing changes in meaning\n')
  })
})
