import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readWorkspace } from '../../dsl/index.ts'
import type { Definition } from '../../engine/definition.ts'

export const companyAddress = 'desk@company.example'
export const login = { login: 'admin', password: 'a-password-for-tests' }

/** Days that a slip lies: what the two versions of the desk differ in. */
const days = [10, 20] as const

/**
 * A case goes to and fro, is answered by its client, and rests until its timer ends it with a letter. No rule looks at a value, so
 * that its history can be decided again. Slips lie there for an apply to move them on.
 */
const workspace = (version: number) => `
company "Desk" { address "Long Street 1" email "${companyAddress}" }
role clerk "Clerk" { clients: see, edit, erase }
purpose service "Service" { basis contract text "We write to you about your case." keep 1 year after end }
letter question "A question" { body "Dear {{ client.name }}, what do you think?" }
letter farewell "All is done" { body "Thank you." }
process job "Job" {
  show in portal
  moves declared
  access clerk: see, move, edit, erase
  field note "Note" text
  field wish "Wish" text personal for service
  show note, wish
  edit note, wish
  on reply from client { notify clerk "A client has written" }
  stage fresh "Fresh" {
    on enter { send question to client }
    move to one by clerk
  }
  stage one "One" {
    move to two by clerk
    move to resting by clerk
  }
  stage two "Two" {
    move to one by clerk
    move to resting by clerk
  }
  stage resting "Resting" { after 1 minute go to done }
  final stage done "Done" success { on enter { send farewell to client } }
}
process slip "Slip" {
  moves declared
  access clerk: see, move, edit
  stage lying "Lying" { after ${days[version]} days go to gone }
  final stage gone "Gone" success
}
`

export const versions = days.length

/** The desk as a definition, in its first version. */
export function deskDefinition(): Definition {
  const { definition, problems } = readWorkspace([{ name: 'desk.zgoda', text: workspace(0) }])
  if (!definition) throw new Error(problems.map(({ message }) => message).join('; '))
  return definition
}

/** A folder for each version of the desk. */
export async function deskFolders(parent: string): Promise<readonly string[]> {
  return Promise.all(
    days.map(async (_, version) => {
      const folder = join(parent, `desk-${version}`)
      await mkdir(folder)
      await writeFile(join(folder, 'desk.zgoda'), workspace(version))
      return folder
    }),
  )
}
