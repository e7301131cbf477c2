/** A page of the portal as a browser without scripts holds it. */
export interface OpenForm {
  readonly url: string
  readonly html: string
  /** Hidden inputs, sent back as they came. */
  readonly hidden: ReadonlyMap<string, string>
}

export async function openForm(server: string, name: string): Promise<OpenForm> {
  const url = `${server}/portal/forms/${name}`
  const html = await (await fetch(url)).text()
  const hidden = new Map<string, string>()
  for (const [tag] of html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    hidden.set(/name="([^"]*)"/.exec(tag)?.[1] ?? '', /value="([^"]*)"/.exec(tag)?.[1] ?? '')
  }
  return { url, html, hidden }
}

/** Answers under the names that the form's inputs have. */
export function fillIn(
  values: Record<string, string>,
  consents: Record<string, 'given' | 'refused'> = {},
  statements: Record<string, string> = {},
): Record<string, string> {
  const named = (kind: string, all: Record<string, string>) =>
    Object.entries(all).map(([name, value]) => [`${kind}.${name}`, value])
  return Object.fromEntries([
    ...named('field', values),
    ...named('consent', consents),
    ...named('statement', statements),
  ])
}

/** Sends the form as a browser does, and follows where it leads with the cookie it sets. */
export async function submit(
  form: OpenForm,
  answers: Record<string, string>,
): Promise<{ status: number; html: string; cookie: string }> {
  const sent = await fetch(form.url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...Object.fromEntries(form.hidden), ...answers }).toString(),
  })
  const cookie = (sent.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const next = sent.headers.get('location')
  if (!next) return { status: sent.status, html: await sent.text(), cookie }
  const answer = await fetch(new URL(next, form.url), { headers: { cookie } })
  return { status: answer.status, html: await answer.text(), cookie }
}
