import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { run } from '../../../runtime/cli/mail.ts'
import { UsageError } from '../../../runtime/cli/usage.ts'

const corpus = fileURLToPath(new URL('corpus', import.meta.url))

async function printed(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const code = await run(args)
  return {
    code,
    out: out.mock.calls.map(([text]) => text).join(''),
    err: err.mock.calls.map(([text]) => text).join(''),
  }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('zgoda mail', () => {
  it('says what a message is, why, and what its sender wrote', async () => {
    const { code, out } = await printed(`${corpus}/mail/raw_email2.eml`, '--format', 'json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      class: 'reply',
      because: 'It answers no letter of ours.',
      text: 'We should not include these files or vcards as attachments.',
    })
  })

  it('gives a line for each message of a folder', async () => {
    const { code, out } = await printed(corpus, '--format=json')
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(code).toBe(0)
    expect(lines).toHaveLength(36)
    expect(lines.find(({ file }) => file === 'sisimai/maildir_bsd_rfc3834-02.eml')).toMatchObject({
      class: 'auto-reply',
    })
  })

  it('speaks plainly without a format', async () => {
    expect((await printed(`${corpus}/mail/basic_email_lf.eml`)).out).toMatch(
      /^basic_email_lf\.eml: new\nIt answers nothing/,
    )
  })

  it('could not run where there is no such file, and says so', async () => {
    const { code, err } = await printed('/nowhere/x.eml')
    expect(code).toBe(2)
    expect(err).toBe('zgoda mail: there is no file or folder `/nowhere/x.eml`\n')
  })

  it.each([[[]], [['a', 'b']], [['x', '--format', 'xml']], [['--nonsense']]])('refuses %j', async (args) => {
    await expect(run(args)).rejects.toThrow(UsageError)
  })
})
