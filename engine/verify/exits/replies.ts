import type { CompiledRule } from '../../program.ts'
import { normalSaying, says } from '../../saying.ts'
import type { Operation } from '../operation.ts'
import type { Happening } from '../step.ts'
import type { Node } from '../system.ts'
import { ask } from './answering.ts'
import type { Making } from './making.ts'

type Trigger = CompiledRule['rule']['trigger']

/** The client’s replies: to each letter that is awaited and sent, with each of the words that rules wait for and with others. */
export function replies(making: Making, node: Node): void {
  const { space, awaited } = making.facts
  if (making.mode.unreachable) return
  const rules = making.rulesAt(node.stage).filter(({ rule }) => rule.trigger.kind === 'reply')
  if (rules.length === 0) return
  const phrases = phrasesOf(rules)
  const known = new Set<string>()
  for (const letter of [...awaited, undefined]) {
    const sent = letter === undefined ? undefined : space.indexOf(`sent:${letter}`)
    if (letter !== undefined && sent === undefined) continue
    for (const saying of [...phrases, undefined]) {
      const answering = rules.filter(({ rule }) => answers(rule.trigger, letter, saying, rivalsOf(rules, rule.id)))
      const key = `${letter} ${answering.map(({ rule }) => rule.id).join(' ')}`
      if (answering.length === 0 || known.has(key)) continue
      known.add(key)
      const ready: Operation[] = [...making.moment()]
      if (sent !== undefined) ready.push({ kind: 'only', where: space.where(sent, 2) })
      const happening: Happening = {
        kind: 'reply',
        ...(letter !== undefined && { letter }),
        ...(saying !== undefined && { saying }),
      }
      ask(making, {
        from: node,
        happening,
        ready,
        rules: answering.map((rule) => ({ rule })),
        news: [],
        clientActed: true,
        unanswered: making.node('settle', node.stage),
      })
    }
  }
}

/** The words that rules wait for, as written; those that count as the same once. */
function phrasesOf(rules: readonly CompiledRule[]): readonly string[] {
  const written = rules.flatMap(({ rule: { trigger } }) => (trigger.kind === 'reply' ? trigger.saying : []))
  return [...new Map(written.map((phrase) => [normalSaying(phrase), phrase])).values()]
}

function sayingOf(trigger: Trigger): readonly string[] {
  return trigger.kind === 'reply' ? trigger.saying.map(normalSaying) : []
}

function rivalsOf(rules: readonly CompiledRule[], own: string): readonly ReadonlySet<string>[] {
  return rules.filter(({ rule }) => rule.id !== own).map(({ rule }) => new Set(sayingOf(rule.trigger)))
}

function answers(
  trigger: Trigger,
  letter: string | undefined,
  saying: string | undefined,
  rivals: readonly ReadonlySet<string>[],
): boolean {
  if (trigger.kind !== 'reply') return false
  if (trigger.letter !== undefined && trigger.letter !== letter) return false
  if (trigger.saying.length === 0) return true
  return saying !== undefined && says([saying], new Set(sayingOf(trigger)), rivals)
}
