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

it('shows, sets and takes back limits, and blocks queries', async () => {
  const token = await test.tokenOf('admin')
  const env = { PATH: process.env['PATH'], WARREN_URL: test.api.url, WARREN_TOKEN: token }
  const limits = async (...words: string[]) =>
    (await promisify(execFile)(process.execPath, [program, 'limits', ...words], { env })).stdout
  const ofTenant = ['--tenant', 'default']
  await limits('set', '--max-cost', '900', '--clamp', 'on')
  await limits('set', ...ofTenant, '--of', 'user', '--requests', '50/10s,200/60s')
  await limits('block', 'old', ...ofTenant, '--dashboard', 'wall', '--reason', 'gone')
  expect(await limits('show', ...ofTenant)).toBe(`tenant default
  tenant   requests 60000/10s, cost 2000000/60s
  user     requests 50/10s 200/60s, cost none
  token    requests none, cost none
  metrics  requests none, cost none
  logs     requests none, cost none
  one query costs at most 900; one that would cost more is cut to its newest part
  blocked  old {"dashboard":"wall","reason":"gone"}
`)
  await limits('unblock', 'old', ...ofTenant)
  const { own } = JSON.parse(await limits('unset', ...ofTenant, '--json')) as { own: object }
  expect(own).toEqual({})
})
