import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Health } from '@warren/contracts/http/status'
import { Registry } from 'prom-client'
import { reasonOf } from './errors.ts'

export interface AdminServerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly version: string
  /** One a service; their metrics are shown together. */
  readonly registries: () => readonly Registry[]
  readonly health: () => readonly Health[]
}

export interface AdminServer {
  readonly port: number
  /** From now on `/readyz` answers 503. */
  drain(): void
  close(): Promise<void>
}

async function listen(server: Server, { host, port }: AdminServerOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return (server.address() as AddressInfo).port
}

interface Page {
  readonly status?: number
  readonly type: string
  readonly body: string
}

/** What each path shows. */
type Pages = Readonly<Record<string, (query: URLSearchParams) => Page | Promise<Page>>>

const text = (body: string, status = 200): Page => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
})

const json = (value: unknown, status = 200): Page => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
})

const pagesOf = (options: AdminServerOptions, isDraining: () => boolean): Pages => ({
  '/healthz': () => text('ok'),
  '/version': () => json({ version: options.version }),
  '/readyz': (query) => {
    const parts = options.health()
    const ready = !isDraining() && parts.every(({ state }) => state !== 'red')
    const status = ready ? 200 : 503
    if (query.has('verbose')) return json({ version: options.version, parts }, status)
    return text(ready ? 'ok' : 'no', status)
  },
  '/metrics': async () => {
    const merged = Registry.merge([...options.registries()])
    return { type: merged.contentType, body: await merged.metrics() }
  },
})

async function pageFor({ method, url = '/' }: IncomingMessage, pages: Pages): Promise<Page> {
  const { pathname, searchParams } = new URL(url, 'http://admin')
  const page = Object.hasOwn(pages, pathname) ? pages[pathname] : undefined
  if (page === undefined) return text('not found', 404)
  if (method !== 'GET' && method !== 'HEAD') return text('only GET', 405)
  return page(searchParams)
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pages: Pages,
): Promise<void> {
  const failed = (error: unknown) => text(reasonOf(error), 500)
  const { status = 200, type, body } = await pageFor(request, pages).catch(failed)
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  // Node leaves the body of an answer to HEAD out by itself.
  response.end(body)
}

/** `/healthz`, `/readyz[?verbose]`, `/version` and `/metrics` (Prometheus text) of one process, on a port of their own.
 *  By Node alone: every service has this server, and most have no other use for express, which takes 6 MB. */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  let draining = false
  const pages = pagesOf(options, () => draining)
  const server = createServer((request, response) => void answer(request, response, pages))
  const port = await listen(server, options)
  return {
    port,
    drain: () => {
      draining = true
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
