import type { Definition } from '../../../engine/index.ts'
import type { Answer } from './brute-force.ts'
import { nameAt } from './names.ts'
import { replay } from './replay.ts'
import { type Found, findingsOf } from './verifier.ts'

/** What the verifier says of a process against what brute force finds: each difference, in words. */
export function differences(definition: Definition, process: string, answer: Answer): readonly string[] {
  const found = findingsOf(definition, process).map((each) => ({ ...each, name: nameOf(definition, process, each) }))
  const isEndless = found.some(({ code }) => code === 'Z304')
  const led = found.filter(({ code }) => !isEndless || code === 'Z304')
  return [...verdicts(found, answer), ...led.flatMap((each) => brokenPath(definition, process, each, answer))]
}

type Named = Found & { readonly name: string }

function nameOf(definition: Definition, process: string, { code, at }: Found): string {
  return nameAt(definition, process, at) ?? `${code} at ${at.line}:${at.column}, where nothing stands`
}

/** Codes that brute force finds at the very places; of Z303 there are several places to tell it at, of Z304 the stage is not told. */
function verdicts(found: readonly Named[], answer: Answer): readonly string[] {
  const endless = [found, answer.told].map((each) => each.some(({ code }) => code === 'Z304'))
  if (endless[0] !== endless[1]) return [`Z304 is told by ${endless[0] ? 'the verifier' : 'brute force'} alone`]
  if (endless[0]) return []
  return [...exact.flatMap((code) => apart(code, found, answer)), ...stuck(found, answer), ...harm(found, answer)]
}

/** Codes whose places are the same for both. */
const exact = ['Z301', 'Z302', 'Z306', 'Z307', 'Z308', 'Z402', 'Z407', 'Z418']

function apart(code: string, found: readonly Named[], { told }: Answer): readonly string[] {
  const verified = new Set(found.flatMap((each) => (each.code === code ? [each.name] : [])))
  const forced = new Set(told.flatMap((each) => (each.code === code ? [each.at] : [])))
  return [
    ...[...verified].filter((name) => !forced.has(name)).map((name) => `${code} ${name}: the verifier alone`),
    ...[...forced].filter((name) => !verified.has(name)).map((name) => `${code} ${name}: brute force alone`),
  ]
}

function stuck(found: readonly Named[], { told, doomed }: Answer): readonly string[] {
  const verified = found.filter(({ code }) => code === 'Z303').map(({ name }) => name)
  const forced = told.filter(({ code }) => code === 'Z303').map(({ at }) => at)
  const sound = verified.filter((name) => !doomed.has(name))
  if (verified.length > 0 !== forced.length > 0)
    return [`Z303: ${verified.join()} by the verifier, ${forced.join()} by brute force`]
  return sound.map((name) => `Z303 ${name}: a case there can always reach an end`)
}

/** The verifier tells of what stands in the way, brute force of the purpose. */
function harm(found: readonly Named[], { told }: Answer): readonly string[] {
  const [verified, forced] = [found, told].map((each) => each.some(({ code }) => code === 'Z403'))
  return verified === forced ? [] : [`Z403: ${verified ? 'the verifier' : 'brute force'} alone`]
}

/** Why the path of a finding is none: it can't be taken, or does not end where it says. */
function brokenPath(definition: Definition, process: string, found: Named, { doomed }: Answer): readonly string[] {
  const { code, name, steps } = found
  const isBeforeStart = steps.every(({ happening }) => happening.kind === 'decision')
  if (steps.length === 0 || (code === 'Z403' && isBeforeStart)) return []
  const replayed = replay(definition, process, steps, code !== 'Z418')
  const wrong = (why: string) => [`the path of ${code} ${name}: ${why}`]
  if ('problem' in replayed) return wrong(replayed.problem)
  if ('endless' in replayed) return code === 'Z304' ? [] : wrong('never ends')
  const { stage, ended, values, client } = replayed.state
  switch (code) {
    case 'Z302':
      return stage === name ? [] : wrong(`ends in ${stage}`)
    case 'Z303':
      return doomed.has(stage) ? [] : wrong(`ends in ${stage}, from where an end can be reached`)
    case 'Z304':
      return wrong('ends')
    case 'Z308':
      return name.startsWith(`${stage} `) ? [] : wrong(`ends in ${stage}`)
    case 'Z403':
      return Object.values(client.consents).some((each) => each === 'refused' || each === 'withdrawn')
        ? []
        : wrong('the client has not said no')
    case 'Z407':
      return ended !== 'no' && values[name] !== undefined ? [] : wrong('does not end with the field filled')
    default:
      return []
  }
}
