import { influx1 } from '@warren/stores/metrics/influx1'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import { expect, it, onTestFinished } from 'vitest'
import { openTestApi } from './testing.ts'

it('reads rollups of InfluxDB as retention policies, of the tenant alone', async () => {
  const server = await startInfluxdb()
  onTestFinished(() => server.close())
  const settings = influx1.settings.parse({ url: server.url })
  const metricStore = await influx1.create(settings, { dataDir: '' })
  onTestFinished(() => metricStore.close())
  const test = await openTestApi({}, { metricStore })
  onTestFinished(() => test.close())
  const nowMs = Date.now()
  const startMs = nowMs - (nowMs % 3_600_000) - 7_200_000
  for (const [tenant, value] of [
    ['default', 1.5],
    ['acme', 9],
  ] as const) {
    const bytes = Buffer.from(
      `cpu,host=of_${tenant},tenant=${tenant} usage=${value} ${startMs}000000\n`,
    )
    await metricStore.write({ tenant, bytes, starts: Uint32Array.of(0, bytes.length) })
    await metricStore.retain({ tenant, days: 30, nowMs })
  }
  // Ten minutes later by the clock of the job.
  await metricStore.rollUp?.(nowMs + 600_000)
  const authorization = `Bearer ${await test.tokenOf('viewer')}`
  const text = async (parameters: Record<string, string>) => {
    const search = new URLSearchParams({ db: 'warren', epoch: 'ms', ...parameters })
    const headers = { authorization }
    return (await test.fetch(`/gateway/influxdb/query?${search}`, { headers })).text()
  }
  expect(await text({ q: 'SHOW RETENTION POLICIES' })).toContain('["5m","4320h0m0s"')
  const fields = 'mean(usage_max) AS a, sum(usage_count) AS b'
  const from = (measurement: string) =>
    `SELECT ${fields} FROM ${measurement} WHERE time = ${startMs}ms GROUP BY host`
  for (const parameters of [{ q: from('"warren"."5m"."cpu"') }, { q: from('cpu'), rp: '1h' }])
    expect(JSON.parse(await text(parameters))).toMatchObject({
      results: [{ series: [{ tags: { host: 'of_default' }, values: [[startMs, 1.5, 1]] }] }],
    })
  expect(await text({ q: 'SELECT * FROM "1h"./.*/' })).not.toContain('of_acme')
  expect(await text({ q: 'SHOW TAG VALUES FROM "5m".cpu WITH KEY = host' })).toContain('of_default')
  expect(await text({ q: 'SHOW MEASUREMENTS' })).not.toMatch(/origins|"5m"/)
})
