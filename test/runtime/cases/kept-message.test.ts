import { expect, it } from 'vitest'
import { readKept } from '../../../runtime/cases/correspondence.ts'

const raw = Buffer.from('From: a@b.example\r\nSubject: hi\r\n\r\nI agree\r\n').toString('base64')

it('a message that was too large to be kept whole is never read from its beginning', async () => {
  expect(await readKept({ raw })).toMatchObject({ malformed: false, subject: 'hi' })
  expect(await readKept({ raw, cut: true })).toMatchObject({
    malformed: true,
    because: expect.stringMatching(/25 MiB/),
  })
})
