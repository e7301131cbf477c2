import { OperatorError } from '../operator-error.ts'

/** What Postgres answers where no waiting helps, by its code: what the operator can do. */
const refusals: Readonly<Record<string, string>> = {
  '28P01': 'Postgres does not accept the user name and password in ZGODA_DATABASE_URL: put them right',
  '28000':
    'Postgres does not let the user in ZGODA_DATABASE_URL in from this machine: put the name right, or let it in (`pg_hba.conf`)',
  '3D000': 'the database that ZGODA_DATABASE_URL names does not exist: create it (`createdb`), or name another',
  '42501': 'the user in ZGODA_DATABASE_URL may not make schemas and tables in its database: make it the owner',
  '25006':
    'the database that ZGODA_DATABASE_URL names can only be read: name the primary server, not its standby, or all of them with a comma between',
}

const unsafe = /^(ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|CERT_|UNABLE_TO_)|does not support SSL/

/** The error as a sentence for the operator, where it is one that only they can put right; else as it is. */
export function forOperator(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  const sentence = Object.hasOwn(refusals, code) ? refusals[code] : undefined
  if (sentence) return new OperatorError(sentence, { cause: error })
  if (!unsafe.test(code) && !unsafe.test(error.message)) return error
  return new OperatorError(
    'no safe connection to Postgres could be made: see `sslmode` in ZGODA_DATABASE_URL and the certificate of the server',
    { cause: error },
  )
}
