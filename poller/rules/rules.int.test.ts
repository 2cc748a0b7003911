import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { logs, metrics, openTestPoller, patience, pointsOf, type TestPoller } from '../testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'warren-rules-'))
const rulesFile = join(folder, 'mine.yaml')
let test: TestPoller
beforeAll(async () => {
  test = await openTestPoller()
})
afterAll(async () => {
  await test.stop()
  await test.close()
  rmSync(folder, { recursive: true })
})

it('stores what the rules of the moment say, of both streams, and counts what they leave out', async () => {
  writeFileSync(
    rulesFile,
    `measurements: [{ deny: [noise], rename: { old: fresh } }]
logs: [{ datasets: [debug], drop: true }]`,
  )
  await test.start({ rulesFile, maxBehindMs: 3_600_000 })
  const { publisher } = test
  await publisher.publish(metrics(`${pointsOf('old', 3)}\n${pointsOf('noise', 2)}`))
  await publisher.publish(metrics('late v=1 1700000000000000000'))
  await expect.poll(() => test.countOf('fresh'), patience).toEqual([3, 2])
  const now = new Date().toISOString()
  const record = { '@timestamp': now, message: 'password=hunter22', 'event.dataset': 'web' }
  const lines = [record, { ...record, 'event.dataset': 'debug' }].map((one) => JSON.stringify(one))
  await publisher.publish(logs(lines.join('\n')))
  await expect.poll(() => test.writtenRecords.join(''), patience).toContain('password=***')
  expect(test.writtenRecords.join('')).not.toMatch(/hunter22|debug/)
  await expect.poll(() => test.counter('items_dropped_total'), patience).toBe(3)
  await expect.poll(async () => (await test.parked()).length, patience).toBe(1)
  expect(await test.parked()).toMatchObject([{ code: 'bad_timestamp' }])

  writeFileSync(rulesFile, 'measurements: [{ rename: { old: newer } }]')
  await expect.poll(() => test.counter('rules_reloads_total'), patience).toBe(1)
  await publisher.publish(metrics(pointsOf('old', 4)))
  await expect.poll(() => test.countOf('newer'), patience).toEqual([4, 3])
  writeFileSync(rulesFile, 'measurements: [{}]')
  const health = () => test.poller.health().find(({ part }) => part === 'poller/rules')
  await expect.poll(() => health()?.state, patience).toBe('yellow')
  await publisher.publish(metrics(pointsOf('old', 5)))
  await expect.poll(() => test.countOf('newer'), patience).toEqual([5, 4])
})
