import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openTestApi, type TestApi } from '@warren/api/testing'
import { type Broker, openBroker } from '@warren/broker/open'
import { silentLog } from '@warren/platform/log.testing'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

const program = join(import.meta.dirname, '..', 'bin', 'warren.mjs')
const log = silentLog()
let server: TestRabbitmq
let broker: Broker
let test: TestApi
let token: string
beforeAll(async () => {
  server = await startRabbitmq()
  broker = openBroker({ url: server.url, name: 'test', log })
  test = await openTestApi({}, { tapBroker: { broker, url: 'amqp://x', users: undefined } })
  token = await test.tokenOf('manager')
})
beforeEach(async () => {
  const now = new Date().toISOString()
  await test.catalog.deadLetters.purge({ tenant: undefined })
  await test.catalog.deadLetters.put([
    {
      ...{ id: 'one', tenant: 'default', stream: 'metrics', code: 'malformed', attempts: 1 },
      ...{ reason: 'missing \u001b[31mfields', first_seen: now, last_seen: now },
      origin: { exchange: 'warren.metrics', routing_key: 'default.-.a', message_id: 'm', index: 3 },
      item: btoa('nonsense'),
    },
  ])
})
afterAll(async () => {
  await test?.close()
  await broker?.close()
  await server?.close()
})

const warren = (...words: string[]) =>
  promisify(execFile)(process.execPath, [program, 'dead-letters', ...words], {
    env: { PATH: process.env['PATH'], WARREN_URL: test.api.url, WARREN_TOKEN: token },
  })

it('shows, edits and sends again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warren-cli-'))
  const { stdout } = await warren('show', 'one')
  expect(stdout).toMatch(/from: +warren.metrics, key default.-.a, item 4 of its message m\n/)
  expect(stdout).toMatch(/\n\nnonsense\n$/)
  await expect(warren('show', 'absent')).rejects.toMatchObject({ code: 1 })
  await expect(warren('edit', 'one')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--file'),
  })
  const file = join(folder, 'new')
  await writeFile(file, 'cpu v=1 1772539200000000000\n')
  await warren('edit', 'one', '--file', file, '--deployment', 'shop')
  const edited = JSON.parse((await warren('show', 'one', '-o', 'json')).stdout)
  expect(edited).toMatchObject({ edited_by: 'token manager', version: 2, bytes: 27 })
  expect(edited.origin.routing_key).toBe('default.shop.a')
  expect((await warren('show', 'one', '--raw')).stdout).toBe('cpu v=1 1772539200000000000')
  await expect(warren('replay')).rejects.toMatchObject({ code: 2 })
  const sent = await warren('replay', 'one', '-o', 'json')
  expect(JSON.parse(sent.stdout)).toMatchObject({ state: 'done', total: 1, sent: 1 })
  expect(sent.stderr).toContain('done: 1 of 1 sent')
  expect((await warren('list', '--text', 'FIELDS')).stdout).toContain('0 shown')
  expect((await warren('replay', '--all')).stdout).toMatch(/done: 0 of 0 sent/)
  await expect(warren('replay', 'one')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('1 of 1 named letters are not there'),
  })
  await rm(folder, { recursive: true })
})

it('lists what could not be stored, and deletes it when told twice', async () => {
  const { stdout } = await warren('list')
  expect(stdout).toMatch(/metrics {2}malformed {2}1× {2}one\n {2}missing .*fields\n {2}nonsense/)
  expect(stdout).toContain('1 shown, 1 match, 1 in all')
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
  for (const [option, value, words] of [
    ['--limit', '1001', 'It is a whole number from 1 to 1000.'],
    ['--last-seen-from', 'yesterday', 'It is a time as 2026-03-03T12:00:00Z.'],
  ] as const)
    await expect(warren('list', option, value)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`argument '${value}' is invalid. ${words}`),
    })
})
