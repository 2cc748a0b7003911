import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openTestApi, type TestApi } from '@warren/api/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'

const program = join(import.meta.dirname, '..', 'bin', 'warren.mjs')
let test: TestApi
beforeAll(async () => {
  test = await openTestApi()
})
afterAll(() => test.close())

const load = { measurement: 'system', field: 'load1', mtype: 'gauge' } as const
const sent = { measurement: 'http', field: 'took', unit: 'ms', what: 'response time' }

it('shows a tenant what its fields mean, over HTTP in pages and on the command line', async () => {
  await test.catalog.metricMetadata.replace('default', 'builtIn', [load])
  await test.catalog.metricMetadata.put('default', [sent], 10)
  await test.catalog.metricMetadata.put('acme', [{ ...sent, unit: 's' }], 10)
  const token = await test.tokenOf('viewer')
  const headers = { authorization: `Bearer ${token}` }
  const first = await test.fetch('/api/v1/metric-metadata?limit=1', { headers })
  const page = (await first.json()) as { items: unknown[]; nextCursor: string }
  expect(page.items).toEqual([sent])
  const next = await test.fetch(`/api/v1/metric-metadata?cursor=${page.nextCursor}`, { headers })
  expect(await next.json()).toEqual({ items: [load], nextCursor: null })
  expect((await test.fetch('/api/v1/metric-metadata')).status).toBe(401)

  const env = { PATH: process.env['PATH'], WARREN_URL: test.api.url, WARREN_TOKEN: token }
  const describe = (...words: string[]) =>
    promisify(execFile)(process.execPath, [program, 'metrics', 'describe', ...words], { env })
  expect((await describe()).stdout).toBe(
    'http  took  ms  -  response time\nsystem  load1  -  gauge\n',
  )
  const one = await describe('system', '--json')
  expect(JSON.parse(one.stdout)).toEqual(load)
})
