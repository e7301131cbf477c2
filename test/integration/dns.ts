import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'

/** A real name server on this machine, which knows the TXT records of a few names and denies all others. */
export interface NameServer {
  resolve(name: string, type: string): Promise<string[][] | string[]>
  close(): void
}

export async function startNameServer(zone: Readonly<Record<string, string>>): Promise<NameServer> {
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => socket.send(answer(query, zone), port, address))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return {
    resolve: (name, type) => resolver.resolve(name, type) as Promise<string[][] | string[]>,
    close: () => socket.close(),
  }
}

const txt = 16

/** RFC 1035 §4: the question again, and its TXT record in pieces of at most 255 bytes. */
function answer(query: Buffer, zone: Readonly<Record<string, string>>): Buffer {
  const { name, end } = nameIn(query)
  const record = query.readUInt16BE(end) === txt ? zone[name.toLowerCase()] : undefined
  const known = record !== undefined || Object.hasOwn(zone, name.toLowerCase())
  const header = Buffer.alloc(12)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(known ? 0x8400 : 0x8403, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(record === undefined ? 0 : 1, 6)
  const question = query.subarray(12, end + 4)
  if (record === undefined) return Buffer.concat([header, question])
  const pieces = (record.match(/.{1,255}/gs) ?? []).flatMap((piece) => [
    Buffer.from([piece.length]),
    Buffer.from(piece, 'latin1'),
  ])
  const data = Buffer.concat(pieces)
  // Pointer to the question's name, TXT, IN, a minute.
  const about = Buffer.from([0xc0, 0x0c, 0, txt, 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 255])
  return Buffer.concat([header, question, about, data])
}

function nameIn(query: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return { name: labels.join('.'), end: at + 1 }
}
