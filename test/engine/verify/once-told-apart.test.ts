import { describe, expect, it } from 'vitest'
import { check } from './torture.ts'

/** Processes that the verifier once judged otherwise than brute force, or whose path no case could go. */
const processes: Readonly<Record<string, string>> = {
  'what is filled in again before a planned erasure takes it along': `purpose deal "deal" { basis contract }
letter ask "Ask" { body "Please answer." }
process main "Main" {
  field day "day" date
  field flag "flag" yes/no personal for deal default yes
  stage a "a" {
    edit flag, day
    on signal ping go to b
  }
  stage b "b" {
    edit flag
    require day
    on enter { erase flag, day after 10 days  send ask to client }
    move to y
  }
  final stage y "y"
}`,
  'an answer that a form is not sent without': `form more "more" { fills main ask note required }
process main "Main" {
  field note "note" text
  stage a "a" { on form more when note is missing go to y }
  final stage y "y" success
}`,
  'a value given at the start instead of the default': `process main "Main" {
  field flag "flag" yes/no default yes
  stage a "a" {
    edit flag
    on enter { notify everyone "Look" when not flag }
    move to y
  }
  final stage y "y" success
}`,
  'a yes that only a reply reads, as the only way to success': `purpose offers "offers" { basis consent }
letter ask "Ask" { body "Please answer." }
process main "Main" {
  stage a "a" {
    on enter { send ask to client }
    on reply from client to ask saying "yes" { record consent to offers  go to y }
    move to z
  }
  final stage y "y" success
  final stage z "z"
}`,
  'data that a rule uses as soon as something holds, and goes nowhere': `purpose offers "offers" { basis consent }
letter info "Info" { body "Hello. {{ mail }}" }
process main "Main" {
  field mail "mail" client email personal for offers
  stage a "a" {
    when not (consent to offers) { send info to client }
    move to y
  }
  final stage y "y" success
}`,
  'what is erased as soon as it is filled in, where the stage requires it': `purpose offers "offers" { basis consent }
form ask_me "Ask" { fills main ask consent to offers }
process main "Main" {
  field day "day" date
  stage a "a" {
    edit day
    require day
    when day is filled { erase day }
    after 1 day when not (consent to offers in (given, refused)) go to y
    move to z
  }
  final stage y "y" success
  final stage z "z"
}`,
  'stages that need a consent and send a case on to each other': `purpose offers "offers" { basis consent }
form ask_me "Ask" { fills main ask consent to offers }
process main "Main" {
  stage b "b" { on signal pong go to a }
  stage a "a" { needs consent to offers, otherwise go to c }
  stage c "c" { needs consent to offers, otherwise go to b }
}`,
  'a free field that a rule reads once it is told of a consent': `purpose offers "offers" { basis consent }
process main "Main" {
  field day "day" date
  stage a "a" {
    edit day
    on consent to offers refused when day is filled go to z
    move to y
  }
  final stage y "y" success
  final stage z "z"
}`,
  'an erasure that asks for the stage itself': `purpose deal "deal" { basis contract }
process main "Main" {
  field mail "mail" client email personal for deal
  stage a "a" { edit mail move to y }
  final stage y "y" success { on enter { erase mail when stage was y } }
}`,
  'a rule that waits again wherever the case is': `process main "Main" {
  field mail "mail" email
  stage a "a" { edit mail move to d move to y }
  stage d "d" {
    when mail is filled { erase mail }
    when not (mail is filled) go to a
  }
  final stage y "y" success
}`,
}

describe('the verifier and brute force agree about', () => {
  it.each(Object.keys(processes))('%s', (name) => {
    const checked = check(processes[name] ?? '', 1)
    expect(checked?.failures).toEqual([])
  })
})
