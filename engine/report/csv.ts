import type { Language } from './language.ts'
import type { Activity } from './register.ts'
import { registerHeads } from './words.ts'

/** The register as RFC 4180 has it: a header, CRLF, and quotes around what holds a comma, a quote or a line break. */
export function registerInCsv(register: readonly Activity[], language: Language): string {
  const heads = Object.values(registerHeads).map((head) => head[language])
  const rows = register.map((activity) =>
    Object.keys(registerHeads).map((key) => inOne(activity[key as keyof Activity])),
  )
  return [heads, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('')
}

function inOne(value: Activity[keyof Activity]): string {
  return typeof value === 'string' ? value : (value ?? []).join('; ')
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
