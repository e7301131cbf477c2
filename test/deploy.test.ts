import { access, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const read = (file: string) => readFile(file, 'utf8')

/** Settings that a text names. */
const named = (text: string) => new Set(text.match(/\b(?:ZGODA|OTEL)_[A-Z][A-Z_]*[A-Z]\b/g))

const settings = named(await read('runtime/config.ts'))

describe('what is handed out for deployment', () => {
  it.each(['docs/deploy/Dockerfile', 'docs/deploy/compose.yaml', 'docs/deploy/zgoda.service', 'docs/operations.md'])(
    '%s names no setting that there is not',
    async (file) => {
      const names = named(await read(file))
      expect(names.size).toBeGreaterThan(0)
      for (const name of names) expect(settings).toContain(name)
    },
  )

  it('has every setting in the table of docs/operations.md', async () => {
    const rows = (await read('docs/operations.md')).split('\n').filter((line) => /^\| `(ZGODA|OTEL)_/.test(line))
    const listed = named(rows.map((row) => row.split('|')[1]).join(' '))
    // The primary process tells each worker its number by it.
    const own = 'ZGODA_WORKER'
    expect([...settings].filter((name) => name !== own && !listed.has(name))).toEqual([])
  })

  it('builds an image whose every file is there, runs it as no root, and asks it for its health', async () => {
    const lines = (await read('docs/deploy/Dockerfile')).replaceAll(/\\\n/g, '').split('\n')
    const of = (word: string) =>
      lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))
    const copied = of('COPY').filter((words) => !words.startsWith('--from'))
    for (const source of copied.flatMap((words) => words.split(' ').slice(0, -1))) await access(source)
    for (const folder of ['dsl', 'engine', 'runtime']) expect(copied).toContain(`${folder} ${folder}`)
    expect(of('FROM').length).toBe(2)
    expect(of('USER')).toEqual(['node'])
    expect(of('HEALTHCHECK').join()).toContain('/healthz')
    const [entry = '[]'] = of('ENTRYPOINT')
    for (const file of JSON.parse(entry).slice(1)) await access(file)
  })

  it('has a compose file whose services and secrets are declared', async () => {
    const { services, secrets, volumes } = parse(await read('docs/deploy/compose.yaml'))
    expect(Object.keys(services)).toEqual(['database', 'mail', 'zgoda'])
    for (const name of services.zgoda.secrets) expect(secrets).toHaveProperty(name)
    for (const name of Object.keys(services.zgoda.depends_on)) expect(services).toHaveProperty(name)
    expect(services.database.volumes[0].split(':')[0] in volumes).toBe(true)
    await access(`docs/deploy/${services.zgoda.build.context}/${services.zgoda.build.dockerfile}`)
    expect(Number.parseInt(services.zgoda.stop_grace_period, 10)).toBeGreaterThan(20)
  })

  it('has a unit that systemd can read and that gives the server time to stop', async () => {
    const unit = await read('docs/deploy/zgoda.service')
    const meant = unit.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    for (const line of meant) expect(line).toMatch(/^(\[(Unit|Service|Install)\]|[A-Z]\w+=.*)$/)
    const [, program = ''] = /^ExecStart=\S+ (\S+) serve /m.exec(unit) ?? []
    await access(program)
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(20)
  })
})
