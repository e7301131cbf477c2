import { Refusal } from '../../refusal.ts'
import { html } from '../html.ts'
import { chooseLanguage } from '../language.ts'
import { dropSession, keepSession, sessionToken } from '../session-cookies.ts'
import { alert, sendPage } from './layout.ts'
import { localAddress, type Pages, seeOther, type Visit } from './visit.ts'

/** Signing in and out, and the choice of a language. */
export function signInPages(pages: Pages): void {
  pages.open('/sign-in', (visit) => signInPage(visit))
  pages.openForm('/sign-in', signIn)
  pages.staffForm('/sign-out', async ({ ctx, site }) => {
    await site.ports.identity.signOut(sessionToken(ctx, site, 'session') ?? '')
    dropSession(ctx, site, 'session')
    seeOther(ctx, '/sign-in')
  })
  pages.open('/language/:language', async ({ ctx, params }) => {
    chooseLanguage(ctx, params.language ?? '')
    ctx.redirect(localAddress(String(ctx.query.back ?? ''), '/'))
  })
}

async function signIn(visit: Visit, form: URLSearchParams): Promise<void> {
  const { ctx, site } = visit
  const { identity } = site.ports
  const login = (form.get('login') ?? '').slice(0, 200)
  try {
    const { token } = await identity.signIn(login, (form.get('password') ?? '').slice(0, 1000), ctx.ip)
    const before = sessionToken(ctx, site, 'session')
    if (before) await identity.signOut(before)
    keepSession(ctx, site, 'session', token)
    seeOther(ctx, localAddress(form.get('next'), '/'))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'wrong-credentials')
      await signInPage(visit, { login, problem: visit.words.wrongCredentials, status: 401 })
    else if (error.code === 'too-many-tries') await signInPage(visit, { login, problem: error.because, status: 429 })
    else throw error
  }
}

function signInPage(visit: Visit, again?: { login: string; problem: string; status: number }): Promise<void> {
  const { words, ctx } = visit
  const next = localAddress(String(ctx.query.next ?? ''), '/')
  return sendPage(visit, {
    title: words.signIn,
    ...(again && { status: again.status }),
    body: html`<div class="narrow">
<h1>${words.signIn}</h1>
<p class="lead">${words.signInLead}</p>
${again && alert(words.signIn, again.problem)}
<form method="post" action="/sign-in" class="panel stack">
<input type="hidden" name="next" value="${next}">
<label>${words.login}<input name="login" value="${again?.login}" autocomplete="username" autocapitalize="none" spellcheck="false" required${!again && html` autofocus`}></label>
<label>${words.password}<input name="password" type="password" autocomplete="current-password" required${again && html` autofocus`}></label>
<button class="primary">${words.signIn}</button>
</form>
<p class="aside">${words.areYouClient} <a href="/portal">${words.toPortal}</a></p>
</div>`,
  })
}
