import type { Definition, Field, Process } from '../definition.ts'
import { own } from '../named.ts'

/** The fields of a process that hold personal data (GDPR Art. 4(1)). */
export function personalFields(process: Process): readonly Field[] {
  return Object.values(process.fields).filter((field) => field.personal.length > 0)
}

/** The personal field of this name, if there is one. */
export function personalField(process: Process, name: string): Field | undefined {
  const field = own(process.fields, name)
  return field && field.personal.length > 0 ? field : undefined
}

/** The names of fields that a letter's title and body fill in. */
export function fieldsOfLetter(definition: Definition, letter: string): readonly string[] {
  return own(definition.letters, letter)?.uses.map(({ name }) => name) ?? []
}

/** The names of fields that a document's title and body fill in. */
export function fieldsOfDocument(definition: Definition, document: string): readonly string[] {
  return own(definition.documents, document)?.uses.map(({ name }) => name) ?? []
}

/** The field that a letter `to client` goes to before the address on the client's card, if the process has one. */
export function clientAddresses(process: Process): readonly Field[] {
  return Object.values(process.fields).filter((field) => field.type.kind === 'client email')
}
