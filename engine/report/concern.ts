import type { Ground } from '../ground.ts'
import { type Words, words } from './language.ts'
import { actionsOf, consentsOf, extrasOf, personalFields, purposesOf } from './uses.ts'

/** Why a requirement does not concern a process; nothing where it does. */

export function every(): Words | undefined {
  return undefined
}

const holdsNothing = words(
  'it holds no personal data and asks for no consent',
  'nie ma w nim danych osobowych i nie prosi o zgodę',
)
const restsOnNone = words('nothing in it rests on a consent', 'nic w nim nie opiera się na zgodzie')

export function asksAnybody(ground: Ground): Words | undefined {
  return purposesOf(ground).length > 0 || personalFields(ground.process).length > 0 ? undefined : holdsNothing
}

export function holdsPersonal({ process }: Ground): Words | undefined {
  return personalFields(process).length > 0
    ? undefined
    : words('it holds no personal data', 'nie ma w nim danych osobowych')
}

export function asksConsent(ground: Ground): Words | undefined {
  return consentsOf(ground).length > 0 ? undefined : restsOnNone
}

export function asksExtras(ground: Ground): Words | undefined {
  if (consentsOf(ground).length === 0) return restsOnNone
  return extrasOf(ground).length > 0
    ? undefined
    : words(
        'the service can’t be given without any of the consents it asks for: each is marked `necessary`',
        'bez żadnej ze zgód, o które prosi, nie da się świadczyć usługi: każda jest oznaczona `necessary`',
      )
}

export function needsStatement(ground: Ground): Words | undefined {
  const special = personalFields(ground.process).some((field) => field.special)
  const explicit = consentsOf(ground).some(({ basis }) => basis === 'explicit consent')
  return special || explicit
    ? undefined
    : words(
        'it holds no special data and asks for no explicit consent',
        'nie ma w nim danych szczególnych i nie prosi o wyraźną zgodę',
      )
}

export function erasesAnything({ process }: Ground): Words | undefined {
  const erases = actionsOf(process).some(({ action }) => action.kind === 'erase client')
  return erases || personalFields(process).length > 0
    ? undefined
    : words(
        'it holds no personal data: there is nothing to erase',
        'nie ma w nim danych osobowych: nie ma czego usuwać',
      )
}

export function severalPurposes(ground: Ground): Words | undefined {
  if (consentsOf(ground).length === 0) return restsOnNone
  return purposesOf(ground).length > 1 ? undefined : words('it has one purpose only', 'ma tylko jeden cel')
}
