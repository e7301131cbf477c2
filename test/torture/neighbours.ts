import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How another system answers: as it should; not at all; that it has failed; the same without an end. */
export const manners = { sound, hanging, failing, huge } as const
export type Manner = keyof typeof manners

function sound(response: ServerResponse): void {
  response.writeHead(200).end('taken')
}

function hanging(): void {}

function failing(response: ServerResponse): void {
  response.writeHead(500).end('failed')
}

function huge(response: ServerResponse): void {
  response.writeHead(500)
  const piece = Buffer.alloc(256 * 1024, 'x')
  const more = () => {
    while (!response.destroyed && response.write(piece));
  }
  response.on('drain', more)
  more()
}

/** Other systems that are called, one for each manner and known by it, until they are mended and take what comes. */
export class Neighbours {
  readonly place: string
  /** Delivery ids in the order in which they came, by manner. */
  readonly received: Record<Manner, string[]> = { sound: [], hanging: [], failing: [], huge: [] }
  readonly #server: ReturnType<typeof createServer>
  #mended = false
  /** Requests that hang just now. */
  open = 0

  static async start(): Promise<Neighbours> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Neighbours(server)
  }

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server
    this.place = `127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (request, response) => {
      const manner = (request.url ?? '').slice(1) as Manner
      request.resume()
      request.on('end', () => {
        this.received[manner].push(String(request.headers['zgoda-delivery']))
        if (manner === 'hanging' && !this.#mended) this.#hold(response)
        manners[this.#mended ? 'sound' : manner](response)
      })
    })
  }

  #hold(response: ServerResponse): void {
    this.open += 1
    response.once('close', () => {
      this.open -= 1
    })
  }

  mend(): void {
    this.#mended = true
  }

  spoil(): void {
    this.#mended = false
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }
}

/** An office that calls each neighbour, writes a letter that can break, and rests. */
export const officeWorkspace = (place: string, broken: boolean) => `
company "Office" { address "Long Street 1" email "office@company.example" }
role clerk "Clerk" { clients: see, edit, erase }
purpose service "Service" { basis contract text "We write to you about your case." keep until end }
${Object.keys(manners)
  .map((name) => `webhook ${name} { url "http://${place}/${name}" recipient "Neighbour" }`)
  .join('\n')}
letter news "News" { body "Something is new." }
letter tale "A tale" { body "${broken ? '{% for word in (1..length) %}so {% endfor %}long' : 'Short.'}" }
process job "Job" {
  moves declared
  access clerk: see, move, edit, erase
  field length "Length" number
  show length
  edit length
  on reply from client { notify clerk "A client has written" }
  stage fresh "Fresh" {
${['sound', 'hanging', 'failing', 'huge', 'telling', 'asking', 'resting'].map((to) => `    move to ${to} by clerk`).join('\n')}
  }
  stage sound "Sound" {
    on enter {
      send news to client
      call sound with length
    }
    after 1 minute go to done
  }
${['hanging', 'failing', 'huge']
  .map(
    (name) => `  stage ${name} "${name}" {\n    on enter { call ${name} with length }\n    move to done by clerk\n  }`,
  )
  .join('\n')}
  stage telling "Telling" {
    on enter { send tale to client }
    move to done by clerk
  }
  stage asking "Asking" {
    on enter { send news to client }
    move to done by clerk
  }
  stage resting "Resting" { after 1 minute go to done }
  final stage done "Done" success
}
`
