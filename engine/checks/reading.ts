import type { Definition } from '../definition.ts'
import type { Found } from '../verify/index.ts'
import type { ReadingCheck } from './check.ts'
import { z305 } from './z305-manual-entry.ts'
import { z309 } from './z309-final-rule.ts'
import { z401 } from './z401-personal-by-type.ts'
import { z404 } from './z404-silence.ts'
import { z405 } from './z405-any-reply.ts'
import { z406 } from './z406-special-data.ts'
import { z408 } from './z408-no-way-back.ts'
import { z409 } from './z409-unused.ts'
import { z410 } from './z410-other-purpose.ts'
import { z411 } from './z411-recipient.ts'
import { z412 } from './z412-no-controller.ts'
import { z413 } from './z413-no-text.ts'
import { z414 } from './z414-hard-to-read.ts'
import { z415 } from './z415-one-act.ts'
import { z416 } from './z416-employees.ts'
import { z417 } from './z417-no-access.ts'

/** Every check that needs no exploring, by code. */
export const readingChecks: readonly ReadingCheck[] = [
  z305,
  z309,
  z401,
  z404,
  z405,
  z406,
  z408,
  z409,
  z410,
  z411,
  z412,
  z413,
  z414,
  z415,
  z416,
  z417,
]

/** What the reading checks find in a workspace. */
export function readingFindings(definition: Definition): readonly Found[] {
  return readingChecks.flatMap((check) => [...check.find(definition)].map((finding) => ({ ...finding, check })))
}
