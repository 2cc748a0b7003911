import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../../testing.ts'
import { classOf } from './influxdb-classes.ts'
import { linesOf } from './influxdb-points.testing.ts'
import { type Answer, errorIn, type Row, readRows, sendRow } from './influxdb-rows.testing.ts'

const rows = readRows(String(process.env['WARREN_SHARED']), 'warren')
  .filter(({ path }) => !path.startsWith('/api/v2/'))
  .map((row) => ({ ...row, expected: classOf(row) }))
const ofClass = (kind: 'compared' | 'rebuilt' | 'refused') =>
  rows.filter(({ expected }) => expected.kind === kind)

let server: TestServer
let test: TestApi
let authorization: string

/** The same points in a database of the server that nobody scopes, and behind the gateway. */
beforeAll(async () => {
  server = await startInfluxdb()
  const metricStore = await openInflux1(server.url)
  test = await openTestApi({}, { metricStore })
  authorization = `Bearer ${await test.tokenOf('viewer')}`
  const lines = linesOf()
  const created = new URLSearchParams({ q: 'CREATE DATABASE warren' })
  await fetch(`${server.url}/query`, { method: 'POST', body: created })
  const direct = await fetch(`${server.url}/write?db=warren`, { method: 'POST', body: lines('') })
  expect(direct.status).toBe(204)
  const bytes = Buffer.from(lines(',tenant=default'))
  const starts = [0]
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1)
  const written = { tenant: 'default', bytes, starts: Uint32Array.from(starts) }
  expect(await metricStore.write(written)).toEqual({ refused: [] })
})
afterAll(async () => {
  await test.close()
  await server.close()
})

const ask = (row: Row): Promise<Answer> =>
  sendRow(`${test.api.url}/gateway/influxdb`, row, { authorization })

/** InfluxDB says of an answer that it put together from its own chunks that it is partial, though it is whole. */
const whole = (text: string): string => text.replace(/,"partial":true/g, '')

/** Without the id of the request, which the gateway puts behind InfluxDB's words. */
const unnamed = (text: string | undefined): string | undefined =>
  text?.replace(/ \(request [\w-]+\)$/, '')

describe('what Grafana asks in InfluxQL', () => {
  it('is compared for the most part, and answered with rows', () => {
    expect(ofClass('compared').length / rows.length).toBeGreaterThan(0.85)
  })

  it.each(ofClass('compared'))('$id $note: as the server answers directly', async (row) => {
    const direct = await sendRow(server.url, row, {})
    const error = errorIn(direct)
    const ours = await ask(row)
    if (error === undefined) expect([ours.status, ours.text]).toEqual([200, whole(direct.text)])
    else expect([ours.status, unnamed(errorIn(ours))]).toEqual([400, error])
  })

  it.each(ofClass('refused'))('$id $note: refused, because of $expected.when', async (row) => {
    const ours = await ask(row)
    expect([400, 403, 404]).toContain(ours.status)
    expect(ours.text.startsWith('{"error":"')).toBe(true)
    expect(errorIn(ours)).toMatch(row.expected.kind === 'refused' ? row.expected.text : '')
  })

  it.each(ofClass('rebuilt'))('$id $note: the only database', async (row) => {
    expect(await ask(row)).toEqual({
      status: 200,
      text: '{"results":[{"statement_id":0,"series":[{"name":"databases","columns":["name"],"values":[["warren"]]}]}]}\n',
    })
  })
})
