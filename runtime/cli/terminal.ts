import type { WriteStream } from 'node:tty'

/** Whether an output is a terminal that shows colours. */
export function showsColours(stream: WriteStream): boolean {
  return stream.isTTY === true && stream.hasColors()
}
