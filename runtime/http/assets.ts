import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { ParameterizedContext } from 'koa'

interface Asset {
  readonly type: string
  readonly hash: string
  readonly plain: Buffer
  readonly gzip: Buffer
  readonly brotli: Buffer
}

/** The pages' stylesheet, scripts and icon: read and compressed once, at the start. */
export interface Assets {
  /** The address of a file, with its content's hash: a browser may keep it for ever. */
  address(name: string): string
  /** False where there is no such file. */
  serve(ctx: ParameterizedContext, name: string): boolean
}

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

export function loadAssets(): Assets {
  const installed = createRequire(import.meta.url)
  const own = (name: string) => new URL(`./assets/${name}`, import.meta.url)
  const files: Readonly<Record<string, string | URL>> = {
    'zgoda.css': own('zgoda.css'),
    'zgoda.js': own('zgoda.js'),
    'zgoda.svg': own('zgoda.svg'),
    'htmx.min.js': installed.resolve('htmx.org/dist/htmx.min.js'),
    'hx-sse.min.js': installed.resolve('htmx.org/dist/ext/hx-sse.min.js'),
  }
  const assets = new Map(Object.entries(files).map(([name, file]) => [name, load(name, readFileSync(file))]))
  return {
    address: (name) => `/assets/${name}?${assets.get(name)?.hash ?? ''}`,
    serve(ctx, name) {
      const asset = assets.get(name)
      if (asset) send(ctx, asset)
      return asset !== undefined
    },
  }
}

function load(name: string, plain: Buffer): Asset {
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 12)
  const type = types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
  return { type, hash, plain, gzip: gzipSync(plain), brotli: brotliCompressSync(plain) }
}

function send(ctx: ParameterizedContext, asset: Asset): void {
  ctx.set('Cache-Control', ctx.querystring === asset.hash ? 'public, max-age=31536000, immutable' : 'no-cache')
  ctx.set('Vary', 'Accept-Encoding')
  ctx.status = 200
  ctx.etag = asset.hash
  if (ctx.fresh) {
    ctx.status = 304
    return
  }
  const encoding = ctx.acceptsEncodings('br', 'gzip', 'identity')
  ctx.body = encoding === 'br' ? asset.brotli : encoding === 'gzip' ? asset.gzip : asset.plain
  if (encoding === 'br' || encoding === 'gzip') ctx.set('Content-Encoding', encoding)
  ctx.type = asset.type
}
