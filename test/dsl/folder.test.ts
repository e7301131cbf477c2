import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkFolder, loadFolder, NoSuchFolder } from '../../dsl/index.ts'

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'zgoda-folder-'))
})

afterEach(async () => {
  await rm(dir, { recursive: true })
})

async function write(name: string, content: string | Buffer): Promise<void> {
  const path = join(dir, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
}

describe('a workspace folder', () => {
  it('is all its workspace files, in folders too, but not tests, dot-folders and packages', async () => {
    await write('a.zgoda', 'role a')
    await write('deep/er/b.zgoda', 'role b')
    await write('shop.test.yaml', 'process: order')
    await write('notes.txt', 'x')
    await write('.git/c.zgoda', 'role c')
    await write('node_modules/d/d.zgoda', 'role d')
    const { files, problems } = await loadFolder(dir)
    expect(files).toEqual([
      { name: 'a.zgoda', text: 'role a' },
      { name: 'deep/er/b.zgoda', text: 'role b' },
    ])
    expect(problems).toEqual([])
  })

  it('merges its files into one definition', async () => {
    await write('b/roles.zgoda', 'role clerk')
    await write('a.zgoda', 'process p { access clerk: see stage s }')
    const { definition } = await checkFolder(dir)
    expect(Object.keys(definition?.processes ?? {})).toEqual(['p'])
  })

  it('reports files that are no UTF-8 text or too large, and still checks the others', async () => {
    await write('latin.zgoda', Buffer.from([0x72, 0xf3, 0xb3]))
    await write('large.zgoda', '#'.repeat(1024 * 1024 + 1))
    await write('other.zgoda', 'role Clerk')
    const { definition, problems } = await checkFolder(dir)
    expect(definition).toBeUndefined()
    expect(problems.map(({ code, file, line, column }) => ({ code, file, line, column }))).toEqual([
      { code: 'Z105', file: 'large.zgoda', line: 1, column: 1 },
      { code: 'Z105', file: 'latin.zgoda', line: 1, column: 1 },
      { code: 'Z103', file: 'other.zgoda', line: 1, column: 6 },
    ])
  })

  it('stays inside its folder: links are not followed', async () => {
    await write('inside/a.zgoda', 'role a')
    await mkdir(join(dir, 'outside'))
    await writeFile(join(dir, 'outside', 'b.zgoda'), 'role b')
    await symlink(join(dir, 'outside'), join(dir, 'inside', 'link'))
    await symlink(join(dir, 'outside', 'b.zgoda'), join(dir, 'inside', 'b.zgoda'))
    const { files } = await loadFolder(join(dir, 'inside'))
    expect(files.map((file) => file.name)).toEqual(['a.zgoda'])
  })

  it('reports a file that this user may not read', async () => {
    if (process.getuid?.() === 0) return
    await write('secret.zgoda', 'role a')
    await chmod(join(dir, 'secret.zgoda'), 0)
    expect((await loadFolder(dir)).problems).toMatchObject([{ code: 'Z105', file: 'secret.zgoda' }])
  })

  it('may hold both notations, which name what the other declares', async () => {
    await write('roles.yaml', 'roles: { florist: { title: Florist } }')
    await write('order.zgoda', 'process order { access florist: see stage new { } }')
    const { definition, problems } = await checkFolder(dir)
    expect(problems).toEqual([])
    expect(definition?.roles.florist?.title).toEqual({ en: 'Florist' })
  })

  it('has to be a folder that exists', async () => {
    await write('a.zgoda', '')
    await expect(loadFolder(join(dir, 'none'))).rejects.toThrow(NoSuchFolder)
    await expect(loadFolder(join(dir, 'a.zgoda'))).rejects.toThrow('is a file')
  })
})
