import type { Company, Definition } from '../definition.ts'
import type { Diagram } from '../render/diagram.ts'
import { inLanguage } from '../text.ts'
import { type Compliance, complianceOf, type Evidence } from './compliance.ts'
import type { Language } from './language.ts'
import { pictureOf } from './picture.ts'
import { type Activity, registerOf } from './register.ts'
import { grounds } from './uses.ts'
import { type ProcessSight, sightOf } from './visibility.ts'

/** All that a workspace has to show for itself, in one language, as plain data: every form of the report says this. */
export interface Report {
  readonly language: Language
  /** An ISO date. */
  readonly made: string
  readonly controller?: Omit<Company, 'at'>
  readonly processes: readonly { readonly name: string; readonly title: string }[]
  readonly compliance: Compliance
  readonly sight: readonly ProcessSight[]
  readonly register: readonly Activity[]
}

export function reportOf(
  definition: Definition,
  evidence: Evidence,
  { language, made }: { readonly language: Language; readonly made: string },
): Report {
  const { at: _, ...controller } = definition.company ?? { at: undefined }
  return {
    language,
    made,
    ...('name' in controller && { controller }),
    processes: Object.values(definition.processes).map(({ name, title }) => ({
      name,
      title: inLanguage(title, language),
    })),
    compliance: complianceOf(definition, evidence, language),
    sight: grounds(definition).map((ground) => sightOf(ground, language)),
    register: registerOf(definition, language),
  }
}

/** The picture of each process, marked by what may be seen where. */
export function picturesOf(definition: Definition, { sight, language }: Report): readonly Diagram[] {
  return sight.map((each) => pictureOf(definition, each, language))
}
