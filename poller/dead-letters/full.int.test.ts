import { afterAll, beforeAll, expect, test } from 'vitest'
import { metrics, openTestPoller, patience, pointsOf, type TestPoller } from '../testing.ts'

let rig: TestPoller
beforeAll(async () => {
  rig = await openTestPoller({ maxLetters: 5, maxBytes: 1024 ** 2 })
  await rig.start()
})
afterAll(async () => {
  await rig?.stop()
  await rig?.close()
})

const catalogPart = () => rig.poller.health().find(({ part }) => part === 'poller/catalog')

test('past its bound a tenant’s new letters wait, red, and are kept once there is room', async () => {
  for (let index = 0; index < 8; index += 1)
    await rig.publisher.publish(metrics(`nonsense ${index}`))
  await expect.poll(() => rig.counter('items_parked_total'), patience).toBe(8)
  await expect
    .poll(catalogPart, patience)
    .toMatchObject({ state: 'red', reason: expect.stringContaining('until some are deleted') })
  expect(await rig.parked()).toHaveLength(5)
  await rig.publisher.publish(metrics(pointsOf('beside', 3)))
  await expect.poll(() => rig.countOf('beside'), patience).toEqual([3, 2])
  expect(await rig.catalog.catalog.deadLetters.purge({ tenant: 'default' })).toBe(5)
  await expect.poll(async () => (await rig.parked()).length, patience).toBe(3)
  await expect.poll(catalogPart, patience).toMatchObject({ state: 'green' })
})

test('letters of tenants that do not exist share one bound', async () => {
  for (let index = 0; index < 7; index += 1)
    await rig.publisher.publish(metrics(pointsOf('x', 1), { key: `nobody${index}.-.x` }))
  await expect.poll(async () => (await rig.catalog.lettersOf('-')).length, patience).toBe(5)
  await expect.poll(catalogPart, patience).toMatchObject({ state: 'red' })
  await rig.catalog.catalog.deadLetters.purge({ tenant: '-' })
  await expect.poll(async () => (await rig.catalog.lettersOf('-')).length, patience).toBe(2)
})
