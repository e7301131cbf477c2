import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { judge } from '../../../runtime/mail/judge.ts'
import { parse } from '../../../runtime/mail/parse.ts'

const folder = new URL('corpus/', import.meta.url)
const labels = readFileSync(new URL('labels.tsv', folder), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t') as [string, string])

describe('a real message', () => {
  it.each(labels)('%s is %s', async (file, label) => {
    const { class: kind, because } = judge(await parse(readFileSync(new URL(file, folder))), { forgedReference: false })
    expect(label.split(' or '), because).toContain(kind)
  })
})
