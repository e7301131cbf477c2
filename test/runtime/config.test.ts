import { afterEach, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../runtime/config.ts'
import { OperatorError } from '../../runtime/operator-error.ts'

afterEach(() => vi.unstubAllEnvs())

function refused(setting: string, wrong: string): OperatorError {
  vi.stubEnv(setting, wrong)
  try {
    readConfig()
  } catch (error) {
    if (error instanceof OperatorError) return error
    throw error
  } finally {
    vi.unstubAllEnvs()
  }
  throw new Error(`${setting} was taken as \`${wrong}\``)
}

describe('settings', () => {
  it.each([
    ['ZGODA_PORT', '70000', /0 to 65535/],
    ['ZGODA_PORT', '1e3', /0 to 65535/],
    ['ZGODA_PORT', '-1', /0 to 65535/],
    ['ZGODA_NODES', '0', /1 to 64/],
    ['ZGODA_NODES', '2.5', /1 to 64/],
    ['ZGODA_NODES', '65', /1 to 64/],
    ['ZGODA_URL', 'office.example', /begins with https:\/\/ or http:\/\//],
    ['ZGODA_URL', 'https://', /begins with https/],
    ['ZGODA_LOG', 'loud', /one of silent, fatal/],
    ['ZGODA_DATABASE_URL', 'mysql://u:hidden@h/d', /begins with postgres/],
    ['ZGODA_DATABASE_URL', 'postgres://u:hidden%zz@h/d', /begins with postgres/],
    ['ZGODA_DATABASE_URL', 'postgres://u:hidden/@h/d', /begins with postgres/],
    ['ZGODA_DATABASE_URL', 'postgres://u:hidden@h:5432,h:port/d', /begins with postgres/],
    ['ZGODA_DATABASE_URL', 'postgres://u:hidden@h,i/d?target_session_attrs=standby', /takes writes/],
    ['ZGODA_SMTP_URL', 'http://u:hidden@h', /begins with smtp/],
    ['ZGODA_SMTP_URL', 'smtp:///', /begins with smtp/],
    ['ZGODA_SMTP_URL', 'smtps://u:hidden#@h', /begins with smtp/],
    ['ZGODA_SMTP_URL', 'smtp://h:hidden', /begins with smtp/],
    ['ZGODA_IMAP_URL', 'imap://h', /name a user/],
    ['ZGODA_IMAP_URL', 'pop3://u:hidden@h', /begins with imap/],
    ['ZGODA_MAIL_FROM', 'hidden', /e-mail address/],
    ['ZGODA_MAIL_FROM', 'a@b.example\r\nBcc: hidden@x.example', /e-mail address/],
    ['ZGODA_CALL_ALLOW', 'hidden', /hosts with their ports/],
    ['ZGODA_CALL_ALLOW', 'https://hidden:443', /hosts with their ports/],
    ['ZGODA_CALL_ALLOW', 'hidden:99999', /hosts with their ports/],
    ['ZGODA_CALL_ALLOW', 'ok.internal:443, me@hidden:443', /hosts with their ports/],
    ['ZGODA_MASTER_KEY_FILE', '/hidden/key', /can not be read/],
    ['ZGODA_NEW_MASTER_KEY_FILE', '/hidden/key', /can not be read/],
    ['ZGODA_METRICS_TOKEN', 'hidden', /16 to 200/],
    ['ZGODA_DEPLOY_TOKEN', 'hidden-hidden-hidden-23', /24 to 200/],
    ['ZGODA_DKIM_DOMAIN', 'hidden.example', /together or not at all/],
  ])('refuse %s as `%s`, without repeating it', (setting, wrong, why) => {
    const { message } = refused(setting, wrong)
    expect(message).toContain(setting)
    expect(message).toMatch(why)
    expect(message).not.toContain('hidden')
  })

  it.each([
    ['ZGODA_DATABASE_URL', 'postgres://u:p%40ss@h:5433/d?sslmode=require'],
    ['ZGODA_DATABASE_URL', 'postgresql:///d?host=/var/run/postgresql'],
    ['ZGODA_DATABASE_URL', 'postgres://u@/d'],
    ['ZGODA_DATABASE_URL', 'postgres://u:p%2Css@one:5432,two,[::1]:5433/d?target_session_attrs=read-write'],
    ['ZGODA_DATABASE_URL', 'postgres://u@%2Fvar%2Frun%2Fpostgresql/d'],
    ['ZGODA_SMTP_URL', 'smtp://127.0.0.1:2525'],
    ['ZGODA_SMTP_URL', 'smtps://office%40shop.example:p%3Ass@mail.example'],
    ['ZGODA_IMAP_URL', 'imaps://office%40shop.example:p@[::1]:993'],
    ['ZGODA_MAIL_FROM', 'office@shop.example'],
    ['ZGODA_MAIL_FROM', 'Flowers, Inc. <office@shop.example>'],
    ['ZGODA_URL', 'https://office.example/'],
  ])('take %s as `%s`', (setting, right) => {
    vi.stubEnv(setting, right)
    expect(Object.values(readConfig())).toContain(setting === 'ZGODA_URL' ? right.slice(0, -1) : right)
  })

  it.each([
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'collector:4318', /OTLP over HTTP/],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'https://me:hidden@collector', /for secrets/],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'hidden', /such as/],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'api-key=hidden%0d%0ahost: x', /such as/],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'api-key=hidden%zz', /such as/],
    ['OTEL_TRACES_SAMPLER', 'hidden', /one of always_on/],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5', /0 to 1/],
    ['OTEL_TRACES_SAMPLER_ARG', 'hidden', /0 to 1/],
    ['OTEL_BSP_SCHEDULE_DELAY', '-1', /milliseconds/],
  ])('refuse %s as `%s` where traces are sent, without repeating it', (setting, wrong, why) => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector:4318')
    const { message } = refused(setting, wrong)
    expect(message).toContain(setting)
    expect(message).toMatch(why)
    expect(message).not.toContain('hidden')
  })

  it('say where traces go as every OpenTelemetry program reads it, and nowhere where nothing is said', () => {
    expect(readConfig().traces).toBeUndefined()
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector:4318/')
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', ' api-key=a%2Cb%3Dc , X-Tenant = office')
    const usual = { service: 'zgoda', delay: 5_000, sampler: 'parentbased_always_on', ratio: 1 }
    const headers = { 'api-key': 'a,b=c', 'x-tenant': 'office' }
    expect(readConfig().traces).toEqual({ url: 'http://collector:4318/v1/traces', headers, ...usual })
    vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'https://traces.example/otlp')
    vi.stubEnv('OTEL_SERVICE_NAME', 'office')
    vi.stubEnv('OTEL_TRACES_SAMPLER', 'traceidratio')
    vi.stubEnv('OTEL_TRACES_SAMPLER_ARG', '0.1')
    const own = { service: 'office', delay: 5_000, sampler: 'traceidratio', ratio: 0.1 }
    expect(readConfig().traces).toEqual({ url: 'https://traces.example/otlp', headers, ...own })
  })

  it('read the places that may be called as webhooks write them', () => {
    vi.stubEnv('ZGODA_CALL_ALLOW', ' ERP.internal:443,127.0.0.1:9000 , [::1]:80,')
    expect([...readConfig().callAllow]).toEqual(['erp.internal:443', '127.0.0.1:9000', '[::1]:80'])
  })
})
