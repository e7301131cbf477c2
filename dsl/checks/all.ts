import type { Check } from './check.ts'
import { z101 } from './z101-unreadable.ts'
import { z102 } from './z102-unknown-word.ts'
import { z103 } from './z103-form.ts'
import { z104 } from './z104-twice.ts'
import { z105 } from './z105-file.ts'
import { z201 } from './z201-no-such.ts'
import { z202 } from './z202-types.ts'
import { z203 } from './z203-template.ts'
import { z204 } from './z204-wrong-kind.ts'
import { z205 } from './z205-option.ts'
import { z408 } from './z408-withdrawal.ts'

/** Every check that reading a workspace makes, by code. */
export const checks: readonly Check[] = [z101, z102, z103, z104, z105, z201, z202, z203, z204, z205, z408]
