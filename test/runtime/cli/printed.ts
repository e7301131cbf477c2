import { vi } from 'vitest'

/** What a command prints when it is run here, without a process of its own. */
export async function printed(
  run: (args: readonly string[]) => Promise<number>,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string }> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    const code = await run(args)
    return { code, out: write.mock.calls.map(([text]) => text).join('') }
  } finally {
    write.mockRestore()
  }
}
