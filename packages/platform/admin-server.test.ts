import type { Health } from '@warren/contracts/http/status'
import { Counter, Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AdminServer, startAdminServer } from './admin-server.ts'

let admin: AdminServer
let parts: readonly Health[] = []
const registry = new Registry()
new Counter({ name: 'seen_total', help: 'Seen', registers: [registry] }).inc(3)
const ask = async (path: string, method = 'GET') => {
  const response = await fetch(`http://127.0.0.1:${admin.port}${path}`, { method })
  const { status, headers } = response
  return { status, type: headers.get('content-type'), body: await response.text() }
}

beforeAll(async () => {
  admin = await startAdminServer({
    host: '127.0.0.1',
    port: 0,
    version: '1.2.3',
    registries: () => [registry],
    health: () => parts,
  })
})
afterAll(() => admin.close())

test('says that it lives, which version it is, and what it counts', async () => {
  expect(await ask('/healthz')).toMatchObject({ status: 200, body: 'ok\n' })
  expect(JSON.parse((await ask('/version')).body)).toEqual({ version: '1.2.3' })
  const metrics = await ask('/metrics')
  expect(metrics.type).toContain('text/plain; version=0.0.4')
  expect(metrics.body).toContain('seen_total 3')
})

test('is ready unless a part is red or the service drains, and names the parts to who asks', async () => {
  const since = new Date().toISOString()
  const yellow: Health = { part: 'a', state: 'yellow', reason: 'late', since }
  parts = [yellow]
  expect(await ask('/readyz')).toMatchObject({ status: 200, body: 'ok\n' })
  parts = [yellow, { part: 'b', state: 'red', reason: 'away', since }]
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: 'no\n' })
  const verbose = await ask('/readyz?verbose')
  expect(verbose.status).toBe(503)
  expect(JSON.parse(verbose.body)).toEqual({ version: '1.2.3', parts })
  parts = []
  admin.drain()
  expect(await ask('/readyz')).toMatchObject({ status: 503 })
})

test('has nothing else, and changes nothing', async () => {
  expect((await ask('/')).status).toBe(404)
  expect((await ask('/toString')).status).toBe(404)
  expect((await ask('/healthz', 'POST')).status).toBe(405)
  expect(await ask('/healthz', 'HEAD')).toMatchObject({ status: 200, body: '' })
})
