export { type MailSandbox, type MailSandboxOptions, startMailSandbox } from './mail-sandbox.ts'
export { type EmbeddedPostgres, type PostgresOptions, startPostgres } from './postgres.ts'
