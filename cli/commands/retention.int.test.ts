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

it('shows and sets how long points, their rollups and log records are kept', async () => {
  const token = await test.tokenOf('manager')
  const env = { PATH: process.env['PATH'], WARREN_URL: test.api.url, WARREN_TOKEN: token }
  const retention = (...words: string[]) =>
    promisify(execFile)(process.execPath, [program, 'retention', ...words], { env })
  const words = ['--metrics-5m', '365', '--metrics-1h', '1825', '--logs', '14']
  await expect(retention('set', ...words)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'this deletes log records older than 14 days for good: say --yes',
    ),
  })
  const { stdout } = await retention('set', ...words, '--yes', '--json')
  const kept = { metricsDays: 30, metrics5mDays: 365, metrics1hDays: 1825, logsDays: 14 }
  expect(JSON.parse(stdout)).toEqual({ tenant: 'default', ...kept })
  expect((await retention('show')).stdout).toBe(`tenant default
  metrics             30 days
  metrics, 5 minutes  365 days
  metrics, 1 hour     1825 days
  logs                14 days
`)
  // Nothing goes when they are kept for longer.
  await retention('set', '--metrics', '31')
  await expect(retention('set', '--metrics', '0')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      "argument '0' is invalid. It is a whole number from 1 to 36500.",
    ),
  })
})
