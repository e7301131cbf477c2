import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type Router from '@koa/router'
import Koa from 'koa'

/** The sandbox's pages on a port of their own, for tests whose server is another process. */
export async function serveRouter(router: Pick<Router, 'routes'>): Promise<{ url: string; server: Server }> {
  const app = new Koa()
  app.use(router.routes())
  const server = createServer(app.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}
