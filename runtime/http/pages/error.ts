import { html } from '../html.ts'
import type { Problem } from '../problem.ts'
import type { Site, Web } from '../site.ts'
import type { Words } from '../words.ts'
import { sendPage } from './layout.ts'
import { plainVisit } from './visit.ts'

/** A refused or failed request as a page: what happened, and where to go on. */
export async function errorPage(ctx: Web, site: Site, problem: Problem): Promise<void> {
  const visit = plainVisit(ctx, site)
  const { words } = visit
  const [title, help] = inWords(problem, words)
  const start = ctx.path.startsWith('/portal') ? '/portal' : '/'
  await sendPage(visit, {
    title,
    status: problem.status,
    body: html`<div class="narrow error"><p class="status" aria-hidden="true">${problem.status}</p><h1>${title}</h1><p class="lead">${help}</p>
<p><a class="button" href="${start}">${words.toStart}</a></p></div>`,
  })
}

function inWords({ code, because }: Problem, words: Words): readonly [title: string, help: string] {
  switch (code) {
    case 'not-found':
      return [words.errorNotFound, words.errorNotFoundHelp]
    case 'link-invalid':
      return [words.errorLink, words.errorLinkHelp]
    case 'unavailable':
      return [words.errorUnavailable, words.errorUnavailableHelp]
    case 'failure':
      return [words.errorFailure, words.errorFailureHelp]
    case 'forged-request':
      return [words.errorForged, because]
    case 'too-many-tries':
      return [words.errorTries, because]
    default:
      return [words.errorRefused, because]
  }
}
