export { type Migration, migration } from './migrate.ts'
export { type Succession, successionOf } from './succession.ts'
