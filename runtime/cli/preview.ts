import { checkFolder } from '../../dsl/index.ts'
import type { Definition } from '../../engine/definition.ts'
import { TemplateError } from '../mail/compose.ts'
import { letterLanguages, workspaceLanguage } from '../mail/languages.ts'
import { type Preview, previewLetter, processesOf } from '../mail/preview.ts'
import { oneOf, readArguments, short, suggestion, UsageError } from './usage.ts'
import { readDefinition } from './workspace.ts'

export const help = `zgoda preview LETTER [DIR] [--to html|text|eml|pdf] [--process P] [--language en|pl] [--document D]

Shows a letter of the workspace in DIR (default: this folder) as its receiver would get it, filled in with sample values of
each field's type, every consent given. Nobody's data are needed, no database and no mail server. Prints to standard output:
\`zgoda preview ask_consent --to html > letter.html\`.

  --to text       the plain words, with the subject above (the default)
  --to html       what mail programs show
  --to eml        the whole message, as mail programs open it
  --to pdf        the document that is attached; where there are several, --document names one
  --process P     as this process sends it; without it, the first that does
  --language L    in this language; without it, the workspace's own

Exits with 0 when it has shown it, 1 where the workspace has errors or the letter can't be filled in, 2 where it could not run.`

type Show = (preview: Preview, from: string, document: string | undefined) => Promise<string | Buffer>

const url = 'https://office.example'

/** Each loads what it needs alone. */
const forms: Readonly<Record<'text' | 'html' | 'eml' | 'pdf', Show>> = {
  text: async ({ words, text }) =>
    [
      `Subject: ${words.subject}`,
      ...words.attachments.map(({ name }) => `Attached: ${name}`),
      '',
      text.replace(/\n*$/, '\n'),
    ].join('\n'),
  html: async ({ html }) => html,
  eml: async (preview, from) => {
    const { inFull } = await import('../mail/send.ts')
    const { words, text, html, language, unsubscribeUrl } = preview
    return inFull(
      {
        messageId: '<letter@office.example>',
        to: 'anna@client.example',
        subject: words.subject,
        text,
        html,
        attachments: await Promise.all(words.attachments.map((document) => asFile(document, language))),
        ...(unsubscribeUrl ? { unsubscribe: unsubscribeUrl } : {}),
      },
      from,
    )
  },
  pdf: async ({ words, language }, _from, wanted) => {
    const names = words.attachments.map(({ name }) => name.replace(/\.pdf$/, ''))
    if (names.length === 0) throw new UsageError('no rule attaches a document to this letter: there is no PDF to show')
    if (wanted === undefined && names.length > 1) {
      throw new UsageError(`several documents are attached: add \`--document D\`, where D is ${names.join(' or ')}`)
    }
    const document = words.attachments[wanted === undefined ? 0 : names.indexOf(wanted)]
    if (!document) {
      throw new UsageError(
        `no document \`${short(wanted ?? '')}\` is attached${suggestion(wanted ?? '', names) || `; there is ${names.join(', ')}`}`,
      )
    }
    return (await asFile(document, language)).content
  },
}

async function asFile({ name, title, markdown }: Preview['words']['attachments'][number], language: string) {
  const { pdf } = await import('../mail/pdf.ts')
  return { filename: name, contentType: 'application/pdf', content: await pdf({ title, markdown, language }) }
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      to: { type: 'string', default: 'text' },
      process: { type: 'string' },
      language: { type: 'string' },
      document: { type: 'string' },
    },
    2,
  )
  const [letter, dir = '.'] = positionals
  if (letter === undefined) throw new UsageError('name a letter: `zgoda preview LETTER [DIR]`')
  const to = oneOf('to', values.to, Object.keys(forms) as (keyof typeof forms)[])
  const wanted = values.language === undefined ? undefined : oneOf('language', values.language, letterLanguages)
  const definition = await readDefinition(dir, checkFolder)
  if (!definition) return 1
  const process = chosen(definition, letter, values.process, dir)
  try {
    const language = wanted ?? workspaceLanguage(definition)
    const preview = previewLetter(definition, letter, { language, url, ...(process ? { process } : {}) }) as Preview
    const { company } = definition
    const from = company ? `${company.name} <${company.email ?? 'office@office.example'}>` : 'office@office.example'
    await write(await forms[to](preview, from, values.document))
    return 0
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    globalThis.process.stderr.write(`${error.message}\n`)
    return 1
  }
}

function chosen(definition: Definition, letter: string, wanted: string | undefined, dir: string): string {
  const letters = Object.keys(definition.letters)
  if (!letters.includes(letter)) {
    if (letters.length === 0) throw new UsageError(`the workspace in \`${dir}\` has no letter`)
    const hint = suggestion(letter, letters) || `; there is ${letters.join(', ')}`
    throw new UsageError(`the workspace has no letter \`${short(letter)}\`${hint}`)
  }
  const processes = Object.keys(definition.processes)
  const process = wanted ?? processesOf(definition, letter)[0]
  if (process === undefined)
    throw new UsageError(`the workspace in \`${dir}\` has no process that a letter could be of`)
  if (processes.includes(process)) return process
  const hint = suggestion(process, processes) || `; there is ${processes.join(', ')}`
  throw new UsageError(`the workspace has no process \`${short(process)}\`${hint}`)
}

function write(shown: string | Buffer): Promise<void> {
  return new Promise((resolve) => {
    globalThis.process.stdout.write(shown, () => resolve())
  })
}
