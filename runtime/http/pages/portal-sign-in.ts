import { inLanguage } from '../../../engine/text.ts'
import { Refusal } from '../../refusal.ts'
import { html } from '../html.ts'
import { dropSession, keepSession, sessionToken } from '../session-cookies.ts'
import { alert, sendPage } from './layout.ts'
import { type Pages, seeOther, type Visit } from './visit.ts'

/** How a client comes in: by the link in a letter or the code on paper. There is no account. */
export function portalSignInPages(pages: Pages): void {
  pages.open('/portal/l/:token', async (visit) => {
    const { clientId } = await visit.site.ports.portal.openLink(visit.params.token ?? '')
    await enterPortal(visit, clientId)
    seeOther(visit.ctx, '/portal')
  })
  pages.open('/portal/code', (visit) => codePage(visit))
  pages.openForm('/portal/code', openCode)
  pages.clientForm('/portal/sign-out', async ({ ctx, site }) => {
    await site.ports.portal.endSession(sessionToken(ctx, site, 'portal') ?? '')
    dropSession(ctx, site, 'portal')
    seeOther(ctx, '/portal/code')
  })
}

/** A new session for this client; the one the browser had before ends. */
export async function enterPortal({ ctx, site }: Visit, clientId: string): Promise<void> {
  const before = sessionToken(ctx, site, 'portal')
  if (before) await site.ports.portal.endSession(before)
  const { token } = await site.ports.portal.newSession(clientId)
  keepSession(ctx, site, 'portal', token)
}

async function openCode(visit: Visit, form: URLSearchParams): Promise<void> {
  const { site, ctx, words } = visit
  try {
    const { clientId } = await site.ports.portal.openCode((form.get('code') ?? '').slice(0, 100), ctx.ip)
    await enterPortal(visit, clientId)
    seeOther(ctx, '/portal')
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'wrong-credentials') await codePage(visit, { problem: words.wrongCode, status: 401 })
    else if (error.code === 'too-many-tries') await codePage(visit, { problem: error.because, status: 429 })
    else throw error
  }
}

function codePage(visit: Visit, again?: { readonly problem: string; readonly status: number }): Promise<void> {
  const { words, language, site } = visit
  const { forms, processes } = site.ports.workspace.definition()
  const open = Object.values(forms).filter(({ starts }) => starts && processes[starts]?.portal)
  return sendPage(visit, {
    title: words.portalSignIn,
    ...(again && { status: again.status }),
    body: html`<div class="narrow"><h1>${words.portalSignIn}</h1><p class="lead">${words.portalSignInLead}</p>
${again && alert(words.portalSignIn, again.problem)}
<form method="post" action="/portal/code" class="panel stack">
<label>${words.code}<input name="code" required maxlength="100" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" class="code-input"></label>
<button class="primary">${words.open}</button></form>
${
  open.length > 0 &&
  html`<section aria-labelledby="forms" class="stack"><h2 id="forms">${words.forms}</h2>
<ul class="tiles">${open.map(({ name, title }) => html`<li><a class="tile" href="/portal/forms/${name}"><strong>${inLanguage(title, language)}</strong></a></li>`)}</ul></section>`
}
</div>`,
  })
}
