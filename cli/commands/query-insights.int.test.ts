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

it('shows what queries cost, and the query of a request', async () => {
  const token = await test.tokenOf('viewer')
  const env = { PATH: process.env['PATH'], WARREN_URL: test.api.url, WARREN_TOKEN: token }
  const insights = async (...words: string[]) =>
    (await promisify(execFile)(process.execPath, [program, 'query', 'insights', ...words], { env }))
      .stdout
  const path = `/gateway/influxdb/query?db=warren&q=${encodeURIComponent('DROP MEASUREMENT cpu')}`
  const headers = { authorization: `Bearer ${token}`, 'x-dashboard-uid': 'wall' }
  const refused = await test.fetch(path, { headers })
  const text = await insights()
  expect(text).toMatch(/^ +queries +cost +saved +cached +queued +refused +failed +mean ms$/m)
  expect(text).toMatch(/^wall +1 +0 +0 +0 % +0 +1 +0 +[\d.]+$/m)
  expect(text).toMatch(/^answered by instance [\da-f]{8}/m)
  const json = JSON.parse(await insights('--order', 'refused', '-o', 'json')) as object
  expect(json).toMatchObject({ items: [{ name: 'wall', refused: 1 }] })
  const id = refused.headers.get('x-request-id') ?? ''
  expect(await insights('--request', id)).toMatch(new RegExp(`refused .*wall.* ${id}\n`))
})
