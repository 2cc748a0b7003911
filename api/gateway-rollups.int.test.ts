import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing.ts'

let test: TestApi
const nowMs = Date.now()

const writePoints = (tenant: string, line: string) => {
  const bytes = new TextEncoder().encode(`${line}\n`)
  const starts = Uint32Array.of(0, bytes.length)
  return test.metricStore.write({ tenant, bytes, starts })
}

beforeAll(async () => {
  test = await openTestApi()
  await writePoints('default', `cpu,host=a,tenant=default usage=1.5 ${nowMs}000000`)
  await writePoints('acme', `cpu,host=secret,tenant=acme usage=9 ${nowMs}000000`)
})
afterAll(() => test.close())

it('reads rollups as retention policies, of the tenant alone', async () => {
  await test.metricStore.rollUp?.(nowMs + 86_400_000)
  const text = async (parameters: Record<string, string>) => {
    const search = new URLSearchParams({ db: 'warren', epoch: 'ms', ...parameters })
    const headers = { authorization: `Bearer ${await test.tokenOf('viewer')}` }
    return (await test.fetch(`/gateway/influxdb/query?${search}`, { headers })).text()
  }
  expect(await text({ q: 'SHOW RETENTION POLICIES' })).toContain('["5m","4320h0m0s"')
  const start = nowMs - (nowMs % 300_000)
  const fields = 'mean(usage_max) AS a, sum(usage_count) AS b'
  const from = (measurement: string) =>
    `SELECT ${fields} FROM ${measurement} WHERE time = ${start}ms GROUP BY host`
  for (const parameters of [{ q: from('"warren"."5m"."cpu"') }, { q: from('cpu'), rp: '5m' }])
    expect(JSON.parse(await text(parameters))).toMatchObject({
      results: [{ series: [{ tags: { host: 'a' }, values: [[start, 1.5, 1]] }] }],
    })
  const both = await text({
    rp: '5m',
    q: 'SELECT usage FROM autogen.cpu; SHOW FIELD KEYS FROM cpu',
  })
  expect(JSON.parse(both)).toMatchObject({
    results: [{ series: [{ values: [[nowMs, 1.5]] }] }, { series: [{ values: { length: 5 } }] }],
  })
  expect(await text({ q: 'SELECT * FROM "1h"./.*/' })).not.toMatch(/acme|secret|tenant/)
})
