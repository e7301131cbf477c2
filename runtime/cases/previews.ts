import { inLanguage } from '../../engine/text.ts'
import type { Caller, Workspace } from '../http/ports.ts'
import { TemplateError } from '../mail/compose.ts'
import { previewLetter, processesOf } from '../mail/preview.ts'
import { Refusal } from '../refusal.ts'
import { everyRole } from './rights.ts'
import type { Versions } from './versions.ts'

/** Letters with sample values, for those who look after the workspace. */
export function createPreviews(versions: Versions, url: string): Pick<Workspace, 'previewLetter' | 'letters'> {
  return {
    previewLetter(by, process, letter, language) {
      if (!looksAfter(by)) {
        throw new Refusal('not-allowed', 'letters are shown with sample values to those who have every role')
      }
      const definition = versions.definition()
      const preview = filledIn(() => previewLetter(definition, letter, { process, language, url }))
      if (!preview) throw new Refusal('not-found', 'there is no such letter or process')
      const { words, text, html } = preview
      const attachments = words.attachments.map(({ name, title }) => ({ name, title }))
      return { process, letter, language, subject: words.subject, text, html, attachments }
    },
    letters(by) {
      if (!looksAfter(by)) return []
      const definition = versions.definition()
      const title = (letter: string) => inLanguage(definition.letters[letter]?.subject ?? {}, 'en')
      const letters = Object.keys(definition.letters).toSorted((one, other) => title(one).localeCompare(title(other)))
      return Object.keys(definition.processes).map((process) => ({
        process,
        letters: letters.filter((letter) => processesOf(definition, letter).includes(process)),
      }))
    },
  }
}

function looksAfter(by: Caller): boolean {
  return by.kind === 'staff' && by.person.roles.includes(everyRole)
}

/** What the template lacks is its author's to read: it names no value. */
function filledIn<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof TemplateError ? new Refusal('invalid-workspace', error.message) : error
  }
}
