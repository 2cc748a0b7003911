import { openBroker } from '@warren/broker/open'
import { type LateDataMessage, lateDataSchema, lateQueue } from '@warren/contracts/late-data'
import { createLog } from '@warren/platform/log'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { metrics, openTestPoller, patience, type TestPoller } from '../testing.ts'

let test: TestPoller
beforeAll(async () => {
  test = await openTestPoller()
  await test.start()
})
afterAll(async () => {
  await test?.stop()
  await test?.close()
})

it('announces what was stored late, once it is, and nothing of what was not', async () => {
  const log = createLog({ service: 'test', level: 'error', pretty: true })
  const broker = openBroker({ url: test.server.url, name: 'listener', log })
  onTestFinished(() => broker.close())
  const heard: LateDataMessage[] = []
  const storedThen: unknown[] = []
  broker.consume({
    queue: lateQueue('test'),
    prefetch: 1,
    handle: async ({ body }) => {
      const message = lateDataSchema.parse(JSON.parse(body.toString()))
      storedThen.push(await test.countOf(message.spans[0]?.measurement ?? ''))
      heard.push(message)
      return { type: 'ack' }
    },
  })
  await broker.ready(30_000)
  const nowMs = Date.now()
  const oldMs = nowMs - 3_600_000
  // The queue may not be there yet: what is written again is announced again.
  await expect
    .poll(async () => {
      await test.publisher.publish(metrics(`late v=1 ${oldMs}000000\nnew v=1 ${Date.now()}000000`))
      return heard.length
    }, patience)
    .toBeGreaterThan(0)
  const oldestMs = Math.floor(oldMs / 100_000) * 100_000
  const spans = [{ measurement: 'late', oldestMs, newestMs: oldestMs + 99_999 }]
  expect(heard[0]).toEqual({ tenant: 'default', spans })
  expect(storedThen[0]).not.toBeUndefined()
  expect(heard.flatMap((each) => each.spans).some(({ measurement }) => measurement === 'new')).toBe(
    false,
  )
})
