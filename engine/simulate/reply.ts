import { addressOf } from '../address.ts'
import type { CaseState } from '../case.ts'
import { own } from '../named.ts'
import { happen, notStarted } from './happen.ts'
import type { ReplyStep } from './scenario.ts'
import { clientOf, type Done, nothingDone, type World } from './world.ts'

/** The sender's own words of a letter's text, line by line: without quotation, greeting and signature. */
export type OwnWords = (text: string) => readonly string[]

/**
 * A letter comes in. It counts where the server would count it: a person's answer to a letter that was sent, from an address of
 * that client. One that does not count changes nothing, and the note says why; that is no failure.
 */
export function replied(world: World, reply: ReplyStep, ownWords: OwnWords): Done {
  const { state } = world
  if (!state) return notStarted(world)
  const letter = world.letters.findLast((sent) => reply.to === undefined || sent.letter === reply.to)
  const because = whyNotCounted(world, state, reply, letter)
  if (because !== undefined) return nothingDone(world, `it does not count: ${because}`)
  const lines = ownWords(reply.saying)
  return happen(world, {
    type: 'reply',
    by: { kind: 'client' },
    letter: letter?.letter ?? '',
    lines,
    evidence: { channel: 'letter', words: lines },
  })
}

type Sent = World['letters'][number]

function whyNotCounted(
  world: World,
  state: CaseState,
  { auto, from, to }: ReplyStep,
  letter: Sent | undefined,
): string | undefined {
  if (auto) return 'it is an automatic answer'
  if (world.clientErased) return 'the client was erased'
  if (!letter) return to === undefined ? 'no letter was sent that it could answer' : `no letter \`${to}\` was sent`
  const known = addressesOf(world, state, letter)
  const sender = from ?? addressOf(world.machine, state, { kind: 'client' }) ?? letter.to
  if (sender === undefined) return 'the client has no e-mail address'
  if (known.some((address) => sameAddress(address, sender))) return undefined
  return `it answers the letter \`${letter.letter}\`, but its sender is none of the client’s addresses`
}

/** Those of the card, those of the case, and the one that the letter went to: as the server knows a client. */
function addressesOf(world: World, state: CaseState, { to }: Sent): readonly string[] {
  const ofCase = Object.values(world.machine.process.fields)
    .filter(({ type }) => type.kind === 'client email')
    .map(({ name }) => own(state.values, name))
  return [clientOf(world).email, ...ofCase, to].filter((address) => typeof address === 'string')
}

function sameAddress(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase()
}
