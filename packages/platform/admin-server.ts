import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Health } from '@warren/contracts/http/status'
import express from 'express'
import { Registry } from 'prom-client'

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

/** `/healthz`, `/readyz[?verbose]`, `/version` and `/metrics` (Prometheus text) of one process, on a port of their own. */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  let draining = false
  const app = express().disable('x-powered-by')
  app.get('/healthz', (_, response) => void response.type('text').send('ok\n'))
  app.get('/version', (_, response) => void response.json({ version: options.version }))
  app.get('/readyz', (request, response) => {
    const parts = options.health()
    const ready = !draining && parts.every(({ state }) => state !== 'red')
    response.status(ready ? 200 : 503)
    if (request.query['verbose'] === undefined) response.type('text').send(ready ? 'ok\n' : 'no\n')
    else response.json({ version: options.version, parts })
  })
  app.get('/metrics', async (_, response) => {
    const merged = Registry.merge([...options.registries()])
    response.type(merged.contentType).send(await merged.metrics())
  })
  const server = createServer(app)
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
