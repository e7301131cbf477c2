import type { Definition } from '../definition.ts'
import { type Diagram, diagramOf } from '../render/diagram.ts'
import { type Language, words } from './language.ts'
import { type ProcessSight, seenAt } from './visibility.ts'

const specialSeen = words('special data', 'dane szczególne')
const personalSeen = words('personal data', 'dane osobowe')

/** The picture of a process, each stage marked, in colour and in words, by the data that somebody may see there. */
export function pictureOf(definition: Definition, sight: ProcessSight, language: Language): Diagram {
  const diagram = diagramOf(definition, sight.process, language)
  return {
    ...diagram,
    stages: diagram.stages.map((stage) => {
      const { special, personal } = seenAt(sight, stage.name)
      const data = special.length > 0 ? 'special' : personal.length > 0 ? 'personal' : 'none'
      const notes = [
        ...(special.length > 0 ? [`${specialSeen[language]}: ${special.join(', ')}`] : []),
        ...(personal.length > 0 ? [`${personalSeen[language]}: ${personal.join(', ')}`] : []),
      ]
      return { ...stage, data, notes: [...notes, ...stage.notes] }
    }),
  }
}
