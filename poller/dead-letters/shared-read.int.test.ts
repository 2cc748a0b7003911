import { WarrenError } from '@warren/platform/errors'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { metrics, openTestPoller, patience, pointsOf, type TestPoller } from '../testing.ts'

let rig: TestPoller
beforeAll(async () => {
  rig = await openTestPoller()
  await rig.start()
})
afterAll(async () => {
  await rig?.stop()
  await rig?.close()
})

test('letters that wait for the catalog keep their bytes when points that came in the same read are stored', async () => {
  rig.outage.letters = new WarrenError('away', { code: 'catalog_away', disposition: 'retry' })
  const messages = 500
  for (let part = 0; part < messages; part += 1) {
    await rig.publisher.publish(metrics(`nonsense ${part}`))
    await rig.publisher.publish(metrics(pointsOf('small', 10, part * 10)))
  }
  await expect.poll(() => rig.countOf('small'), patience).toEqual([5000, 4999])
  await expect.poll(() => rig.counter('items_parked_total'), patience).toBe(messages)
  rig.outage.letters = undefined
  await expect.poll(async () => (await rig.parked()).length, patience).toBe(messages)
  const texts = (await rig.parked()).map(({ item }) => Buffer.from(item, 'base64').toString())
  expect(new Set(texts)).toEqual(
    new Set(Array.from({ length: messages }, (_, part) => `nonsense ${part}`)),
  )
})
