import Router from '@koa/router'
import type { Problem } from '../problem.ts'
import type { Site, State, Web } from '../site.ts'
export function pagesRouter(_site: Site): Router<State> {
  return new Router<State>()
}
export async function errorPage(ctx: Web, _site: Site, problem: Problem): Promise<void> {
  ctx.body = problem.detail
}
