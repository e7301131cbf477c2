/** What `GET /events` sent, as a page hears it. */
export interface Heard {
  readonly caseId?: string
  readonly process?: string
  readonly reload?: boolean
}

export interface Stream {
  readonly heard: readonly Heard[]
  close(): void
}

/** Opens the stream of events; answers once it stands. */
export async function listenTo(url: string, cookie: string): Promise<Stream> {
  const closing = new AbortController()
  const answer = await fetch(`${url}/api/v1/events`, { headers: { cookie }, signal: closing.signal })
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (answer.status !== 200 || !reader) throw new Error(`no events: ${answer.status}`)
  await reader.read()
  const heard: Heard[] = []
  const read = async () => {
    for (let text = ''; ; ) {
      const { done, value } = await reader.read()
      if (done) return
      const lines = (text + value).split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) if (line.startsWith('data: ')) heard.push(JSON.parse(line.slice('data: '.length)))
    }
  }
  read().catch(() => undefined)
  return { heard, close: () => closing.abort() }
}
