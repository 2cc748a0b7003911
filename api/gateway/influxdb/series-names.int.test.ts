import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../../testing.ts'

/** Series of Cloudify, asked for by the names that they had there. */

let test: TestApi

const series = '"shop.eu.vm.vm_7mmzx9.cpu_total_user"'
const startMs = Math.floor(Date.now() / 60_000) * 60_000 - 600_000
const times = [0, 1, 2].map((minute) => startMs + minute * 60_000)
const since = `time >= ${startMs}ms AND time <= ${startMs + 120_000}ms`

async function write(tenant: string): Promise<void> {
  for (const [at, ms] of times.entries())
    for (const [instance, value] of [
      ['vm_7mmzx9', at],
      ['vm_a1b2c3', 100 + at],
    ] as const) {
      const tags = `deployment=shop.eu,host=vm_0,instance=${instance},node=vm,tenant=${tenant}`
      const bytes = Buffer.from(`cpu,${tags} total_user=${value},total_idle=99 ${ms}000000\n`)
      await test.metricStore.write({ tenant, bytes, starts: Uint32Array.of(0, bytes.length) })
    }
}

beforeAll(async () => {
  test = await openTestApi()
  for (const tenant of ['acme', 'other']) {
    await test.catalog.tenants.ensure(tenant)
    await write(tenant)
  }
  await test.catalog.cloudifyDeployments.add('acme', ['shop.eu'])
})
afterAll(() => test?.close())

async function ask(q: string, tenant: string, deployments?: readonly string[]) {
  const token = await test.tokenOf('viewer', tenant, deployments)
  const path = `/gateway/influxdb/query?${new URLSearchParams({ db: 'warren', q, epoch: 'ms' })}`
  const response = await test.fetch(path, { headers: { authorization: `Bearer ${token}` } })
  return { status: response.status, body: await response.json() }
}

const answer = (columns: readonly string[], values: readonly (readonly number[])[]) => ({
  results: [{ statement_id: 0, series: [{ name: 'cpu', columns, values }] }],
})

it('a series of Cloudify is found by its name, of a tenant with such senders', async () => {
  const q = `SELECT value FROM ${series} WHERE ${since}`
  const values = times.map((ms, at) => [ms, at])
  await expect
    .poll(async () => (await ask(`${q} LIMIT 3`, 'acme')).body, { timeout: 10_000, interval: 5100 })
    .toEqual(answer(['time', 'value'], values))
  expect((await ask(q, 'acme', ['shop.eu'])).body).toEqual(answer(['time', 'value'], values))
  expect((await ask(q, 'acme', ['web'])).body).toEqual({ results: [{ statement_id: 0 }] })
  expect((await ask(q, 'other')).body).toEqual({ results: [{ statement_id: 0 }] })
})

it('it is calculated with, and known again by all but its times', async () => {
  for (const laterMs of [0, 1, 2, 3]) {
    const fromMs = startMs - laterMs
    const q = `SELECT max("value"), sum("value") FROM ${series} WHERE "value" > 0 AND time >= ${fromMs}ms AND time <= ${fromMs + 180_000}ms`
    expect((await ask(q, 'acme')).body).toEqual(answer(['time', 'max', 'sum'], [[fromMs, 2, 3]]))
  }
})

it('two at once are refused with what to do instead', async () => {
  const { status, body } = await ask(`SELECT value FROM ${series}, ${series}`, 'acme')
  expect(status).toBe(400)
  expect(JSON.stringify(body)).toContain('statements of their own')
})
