import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createOracle, maxAgeMs, readBack, settleMs } from '../oracle/oracle.ts'
import { gridMs } from '../snap/grid.ts'

const everyMs = 10_000
const shownMs = 30 * 60_000

let server: TestServer
let store: MetricStore
beforeAll(async () => {
  server = await startInfluxdb()
  store = await openInflux1(server.url)
})
afterAll(async () => {
  await store?.close()
  await server?.close()
})

/** A panel of half an hour that ends when it is opened, with a point each ten seconds that came through Warren. */
async function openPanel(measurement: string) {
  const startMs = Math.floor(Date.now() / shownMs) * shownMs - 2 * maxAgeMs
  const oracle = createOracle(store, startMs)
  const lineAt = (ms: number): string => `${measurement},tenant=default v=1 ${ms}000000`
  const points = shownMs / everyMs
  await oracle.write(
    Array.from({ length: points }, (_, at) => lineAt(startMs - (at + 1) * everyMs)),
  )
  const range = `time >= ${startMs - shownMs}ms AND time < ${startMs}ms`
  const text = `SELECT count(v) FROM ${measurement} WHERE ${range} GROUP BY time(10s)`
  return {
    startMs,
    /** Past Warren, so that nobody announces it. */
    async writeDirectly(ms: number): Promise<void> {
      const url = `${server.url}/write?db=warren_default`
      const { status } = await fetch(url, { method: 'POST', body: lineAt(ms) })
      expect(status).toBe(204)
    },
    /** The points that are shown of the bucket of a moment, some time after the panel was opened, and what the cache had of the answer. */
    async shownOf(ms: number, laterMs: number) {
      oracle.clock.nowMs = startMs + laterMs
      const answer = await oracle.cached(text)
      const rows = (await readBack(answer))[0]?.series?.[0]?.values ?? []
      expect(rows).toHaveLength(points)
      const row = rows.find(([time]) => time === Math.floor(ms / everyMs) * everyMs)
      return [row?.[1], answer.cache?.state]
    },
  }
}

it('a point that came within the window is shown at the next step of the grid', async () => {
  const { startMs, writeDirectly, shownOf } = await openPanel('younger')
  const pointMs = startMs - settleMs + 1
  expect(await shownOf(pointMs, 0)).toEqual([1, 'miss'])
  await writeDirectly(pointMs)
  expect(await shownOf(pointMs, gridMs)).toEqual([2, 'partial'])
})

it('a point that came after it is shown at the maximum age of what is kept, and no sooner', async () => {
  const { startMs, writeDirectly, shownOf } = await openPanel('older')
  const pointMs = startMs - settleMs - 1
  expect(await shownOf(pointMs, 0)).toEqual([1, 'miss'])
  await writeDirectly(pointMs)
  expect(await shownOf(pointMs, gridMs)).toEqual([1, 'partial'])
  expect(await shownOf(pointMs, maxAgeMs - gridMs)).toEqual([1, 'partial'])
  expect(await shownOf(pointMs, maxAgeMs)).toEqual([2, 'miss'])
})
