import { type Act, startFaultProxy } from '@warren/test-servers/fault-proxy'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInflux1 } from './influx1/create.ts'
import { influx1 } from './influx1.ts'
import { cpu, newTenant, second, toBatch } from './metric-store.context.contract.ts'
import { rollupsContract } from './metric-store.rollups.contract.ts'

let server: TestServer
beforeAll(async () => {
  server = await startInfluxdb({ configuration: '[retention]\ncheck-interval = "1s"' })
})
afterAll(() => server.close())

let nowMs = Date.now()
const now = () => nowMs
const openAt = (url: string, more: object = {}) =>
  createInflux1(influx1.settings.parse({ url, writeTimeoutMs: 1000, ...more }), now)

async function administer(statement: string, database = ''): Promise<unknown[][]> {
  const response = await fetch(`${server.url}/query`, {
    method: 'POST',
    body: new URLSearchParams({ q: statement, db: database, epoch: 's' }),
  })
  const { results } = (await response.json()) as {
    results: { error?: string; series?: { values: unknown[][] }[] }[]
  }
  expect(results[0]?.error).toBeUndefined()
  return results[0]?.series?.[0]?.values ?? []
}

/** Long over. */
const start = Math.floor(Date.now() / 3_600_000) * 3600 - 6 * 3600
const pointAt = (offset: number, v: number | string) =>
  cpu('a', BigInt(start + offset) * second, { v })
const sumsOf = async (tenant: string, policy = '5m') =>
  (await administer(`SELECT v_sum FROM "${policy}".cpu`, `warren_${tenant}`)).map((row) => row[1])

rollupsContract('influx1', {
  open: async (now) =>
    createInflux1(influx1.settings.parse({ url: server.url, writeTimeoutMs: 1000 }), now),
})

test('several pollers see what each other wrote', async () => {
  const [tenant, one, other] = [newTenant(), openAt(server.url), openAt(server.url)]
  await one.write(toBatch(tenant, [pointAt(0, 1)]))
  await other.write(toBatch(tenant, [pointAt(1, 2)]))
  await one.retain({ tenant, days: 30, nowMs })
  nowMs += 10 * 60_000
  await one.rollUp?.(nowMs)
  expect(await sumsOf(tenant)).toEqual([3])
  await other.write(toBatch(tenant, [pointAt(2, 4)]))
  nowMs += 10 * 60_000
  await Promise.all([one.rollUp?.(nowMs), other.rollUp?.(nowMs)])
  expect([await sumsOf(tenant), await sumsOf(tenant, '1h')]).toEqual([[7], [7]])
  await Promise.all([one.close(), other.close()])
})

test('a shorter retention waits for what came before it was asked for, not for what comes for ever', async () => {
  const [tenant, store] = [newTenant(), openAt(server.url)]
  const retain = (days: number) => store.retain({ tenant, days, nowMs })
  const old = (v: number) => toBatch(tenant, [pointAt(-10 * 86_400, v)])
  await store.write(toBatch(tenant, [pointAt(0, 1)]))
  await retain(30)
  await store.write(old(2))
  expect(await retain(5)).toEqual([])
  nowMs += 10 * 60_000
  expect(await store.rollUp?.(nowMs)).toMatchObject({ failed: [] })
  await store.write(old(3))
  expect(await retain(5)).toEqual(['retention policy autogen from 720h0m0s to 120h'])
  expect((await sumsOf(tenant))[0]).toBe(2)
  await store.close()
})

test('a server that hangs is given up after a while, holds no write and loses nothing', async () => {
  const proxy = await startFaultProxy(server.url)
  const [tenant, store] = [newTenant(), openAt(proxy.url, { queryTimeoutMs: 500 })]
  const batch = toBatch(tenant, [pointAt(0, 1)])
  // The points or their mark.
  proxy.inject({ kind: 'hang' })
  await expect(store.write(batch)).rejects.toMatchObject({ disposition: 'retry' })
  expect(await store.write(batch)).toEqual({ refused: [] })
  await store.retain({ tenant, days: 30, nowMs })
  nowMs += 10 * 60_000
  proxy.inject({ kind: 'hang' })
  await expect(store.rollUp?.(nowMs)).rejects.toMatchObject({ disposition: 'retry' })
  const never = Promise.withResolvers<never>()
  const act: Act = ({ body }, forward) => (body.includes('INTO') ? never.promise : forward(body))
  proxy.always({ kind: 'act', act })
  expect(await store.rollUp?.(nowMs)).toMatchObject({
    failed: expect.arrayContaining([
      expect.stringMatching(`${tenant}.*did not answer within 500 ms`),
    ]),
    waiting: expect.any(Number),
    waitingSinceMs: expect.any(Number),
  })
  expect(await store.write(toBatch(tenant, [pointAt(3600, 5)]))).toEqual({ refused: [] })
  proxy.always(undefined)
  nowMs += 10 * 60_000
  expect(await store.rollUp?.(nowMs)).toMatchObject({ failed: [], waiting: 0 })
  expect(await sumsOf(tenant)).toEqual([1, 5])
  await store.close()
  await proxy.close()
})

test('a field that was a text and an integer elsewhere is rolled up as a number', async () => {
  const [tenant, store] = [newTenant(), openAt(server.url)]
  await store.write(toBatch(tenant, [pointAt(-30 * 86_400, 'text')]))
  const integers = await fetch(`${server.url}/write?db=warren_${tenant}&precision=s`, {
    method: 'POST',
    body: `cpu,host=a v=3i ${start - 15 * 86_400}`,
  })
  expect(integers.status).toBe(204)
  await store.write(toBatch(tenant, [pointAt(0, 1)]))
  await store.retain({ tenant, days: 40, nowMs })
  nowMs += 10 * 60_000
  expect(await store.rollUp?.(nowMs)).toMatchObject({ failed: [], waiting: 0 })
  expect(await sumsOf(tenant)).toEqual([3, 1])
  await store.close()
})

test('points are stored for a user who may not keep marks, and the round says so', async () => {
  const guarded = await startInfluxdb({ http: 'auth-enabled = true' })
  const tell = async (statement: string, user = 'root') => {
    const url = `${guarded.url}/query?u=${user}&p=secret`
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ q: statement }),
    })
    expect(await response.text()).not.toContain('error')
  }
  const tenant = newTenant()
  await tell("CREATE USER root WITH PASSWORD 'secret' WITH ALL PRIVILEGES")
  await tell(`CREATE DATABASE warren_${tenant}`)
  await tell("CREATE USER plain WITH PASSWORD 'secret'")
  await tell(`GRANT ALL ON warren_${tenant} TO plain`)
  const store = openAt(guarded.url, { username: 'plain', password: 'secret' })
  expect(await store.write(toBatch(tenant, [pointAt(0, 1)]))).toEqual({ refused: [] })
  const round = await store.rollUp?.(nowMs).catch((error: unknown) => ({ failed: [String(error)] }))
  expect(round?.failed[0]).toMatch(/403|not authorized|late points are not noted/)
  await store.close()
  await guarded.close()
})

test('a server that is killed in a round loses nothing of what is to be made', async () => {
  const [tenant, store] = [newTenant(), openAt(server.url)]
  const lines = Array.from({ length: 60 }, (_, minute) => pointAt(minute * 60, minute))
  await store.write(toBatch(tenant, lines))
  await store.retain({ tenant, days: 30, nowMs })
  nowMs += 10 * 60_000
  const round = store.rollUp?.(nowMs).catch((error: unknown) => error)
  await server.kill('SIGKILL')
  await round
  await server.restart()
  const again = async () => {
    const { failed = [], waiting = 1 } = (await store.rollUp?.(nowMs)) ?? {}
    return failed.length + waiting
  }
  await expect.poll(again, { timeout: 30_000 }).toBe(0)
  expect(await sumsOf(tenant)).toEqual([...Array(12).keys()].map((window) => window * 25 + 10))
  expect(await sumsOf(tenant, '1h')).toEqual([1770])
  await store.close()
})
