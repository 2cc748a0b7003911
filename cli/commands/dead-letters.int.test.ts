import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openTestApi, type TestApi } from '@warren/api/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'

const program = join(import.meta.dirname, '..', 'bin', 'warren.mjs')
let test: TestApi
let token: string
beforeAll(async () => {
  test = await openTestApi()
  token = await test.tokenOf('manager')
  const now = new Date().toISOString()
  await test.catalog.deadLetters.put([
    {
      ...{ id: 'one', tenant: 'default', stream: 'metrics', code: 'malformed', attempts: 1 },
      ...{ reason: 'missing \u001b[31mfields', first_seen: now, last_seen: now },
      origin: { exchange: 'warren.metrics', routing_key: 'default.-.a', message_id: 'm', index: 3 },
      item: btoa('nonsense'),
    },
  ])
})
afterAll(() => test.close())

const warren = (...words: string[]) =>
  promisify(execFile)(process.execPath, [program, 'dead-letters', ...words], {
    env: { PATH: process.env['PATH'], WARREN_URL: test.api.url, WARREN_TOKEN: token },
  })

it('lists what could not be stored, and deletes it when told twice', async () => {
  const { stdout } = await warren('list')
  expect(stdout).toMatch(/metrics {2}malformed {2}1× {2}one\n {2}missing .*fields\n {2}nonsense/)
  expect(stdout).toContain('1 shown, 1 in all')
  expect(stdout).not.toContain('\u001b')
  const json = await warren('list', '--json', '--code', 'malformed')
  expect(JSON.parse(json.stdout)).toMatchObject({ total: 1, items: [{ id: 'one' }] })
  await expect(warren('purge')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--yes'),
  })
  expect((await warren('purge', '--yes', '--stream', 'logs')).stdout).toBe('0 deleted\n')
  expect((await warren('purge', '--yes', '--stream', 'metrics')).stdout).toBe('1 deleted\n')
  await expect(warren('list', '--code', 'absent')).rejects.toMatchObject({ code: 2 })
})
