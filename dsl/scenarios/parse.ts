import { isMap } from 'yaml'
import type { Diagnostic } from '../diagnostic.ts'
import { scenariosShape } from '../scenario-shape.ts'
import { Source, type SourceFile } from '../source.ts'
import type { Name } from '../tree.ts'
import { Body } from '../yaml/body.ts'
import { conforms } from '../yaml/conform.ts'
import { readYaml } from '../yaml/document.ts'
import { Reader } from '../yaml/reader.ts'

/** A file of scenarios as far as it says something by itself: held against its shape, with no name looked up. */
export interface ParsedScenarios {
  readonly source: Source
  /** One a process: files of YAML may hold several documents. */
  readonly documents: readonly ScenarioDocument[]
  readonly problems: readonly Diagnostic[]
}

export interface ScenarioDocument {
  readonly body: Body
  /** Absent where it could not be read. */
  readonly process?: Name
}

/** Reads a `*.test.yaml` file. Never throws: what can't be read becomes problems. */
export function parseScenarios(file: SourceFile): ParsedScenarios {
  const source = new Source(file)
  const { roots, targets, problems } = readYaml(source)
  if (problems.length > 0) return { source, documents: [], problems }
  const reader = new Reader(source, targets)
  const documents = roots.flatMap((root): ScenarioDocument[] => {
    const at = reader.span(root)
    conforms(reader, root, scenariosShape, at, source.name)
    if (!isMap(root)) return []
    const body = new Body(reader, root, scenariosShape, at)
    const process = body.name('process')
    return [{ body, ...(process ? { process } : {}) }]
  })
  return { source, documents, problems: reader.problems }
}
