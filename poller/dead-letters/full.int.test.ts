import { letterOverflowQueue, overflowQueue } from '@warren/contracts/overflow'
import { deadLetterQueue } from '@warren/contracts/topology'
import { connect } from 'amqplib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { metrics, openTestPoller, patience, pointsOf, type TestPoller } from '../testing.ts'

const maxLetters = 5
let rig: TestPoller
beforeAll(async () => {
  rig = await openTestPoller({ maxLetters, maxBytes: 1024 ** 2 })
  await rig.start()
})
afterAll(async () => {
  await rig?.stop()
  await rig?.close()
})

const partOf = (name: string) => rig.poller.health().find(({ part }) => part === `poller/${name}`)
const room = () => partOf('room for dead letters')
const depthOf = async (queue: string) => (await rig.broker.queues.look(queue))?.messages ?? 0
const purge = (tenant: string) => rig.catalog.catalog.deadLetters.purge({ tenant })
const lettersOf = async (tenant: string) => (await rig.catalog.lettersOf(tenant)).length
const acme = { key: 'acme.-.test' }
const waiting = letterOverflowQueue('acme').name
const rubbish = (lines: number) => 'nonsense\n'.repeat(lines)

test('past its bound a tenant’s new letters wait, red, and are kept once there is room', async () => {
  for (let index = 0; index < 8; index += 1)
    await rig.publisher.publish(metrics(`nonsense ${index}`))
  await expect.poll(() => rig.counter('items_parked_total'), patience).toBe(8)
  await expect
    .poll(room, patience)
    .toMatchObject({ state: 'red', reason: expect.stringContaining('until some are deleted') })
  expect(await lettersOf('default')).toBe(maxLetters)
  await rig.publisher.publish(metrics(pointsOf('beside', 3)))
  await expect.poll(() => rig.countOf('beside'), patience).toEqual([3, 2])
  expect(await purge('default')).toBe(5)
  await expect.poll(() => lettersOf('default'), patience).toBe(3)
  await expect.poll(room, patience).toMatchObject({ state: 'green' })
})

test('letters of tenants that do not exist share one bound', async () => {
  for (let index = 0; index < 7; index += 1)
    await rig.publisher.publish(metrics(pointsOf('x', 1), { key: `nobody${index}.-.x` }))
  await expect.poll(() => lettersOf('-'), patience).toBe(maxLetters)
  await expect.poll(room, patience).toMatchObject({ state: 'red' })
  await purge('-')
  await expect.poll(() => lettersOf('-'), patience).toBe(2)
})

test('a full tenant’s letters wait in a queue of their own, where the next poller finds them; those of others go on', async () => {
  await purge('default')
  await rig.publisher.publish(metrics(rubbish(300), acme))
  await rig.publisher.publish(metrics('nonsense of another'))
  await expect.poll(() => lettersOf('default'), patience).toBe(1)
  await expect.poll(() => lettersOf('acme'), patience).toBe(maxLetters)
  await expect.poll(() => depthOf(deadLetterQueue.name), patience).toBe(0)
  // The catalog is not to blame.
  expect(partOf('catalog')).toMatchObject({ state: 'green' })
  await rig.stop()
  await rig.start()
  await expect.poll(room, patience).toMatchObject({ state: 'red' })
  await purge('acme')
  await expect.poll(() => lettersOf('acme'), patience).toBe(maxLetters)
})

test('a tenant of which thousands of letters wait waits itself, alone, and goes on when they are fewer', async () => {
  await purge('default')
  for (let message = 0; message < 6; message += 1)
    await rig.publisher.publish(metrics(rubbish(1000), acme))
  await expect.poll(() => depthOf(waiting), { ...patience, timeout: 60_000 }).toBeGreaterThan(5000)
  const own = overflowQueue({ stream: 'metrics', tenant: 'acme', maxBytes: 1024 ** 3 }).name
  let sent = 0
  // Noticed at the next look.
  const moved = async () => {
    await rig.publisher.publish(metrics(pointsOf('good', 1, sent++), acme))
    return depthOf(own)
  }
  await expect.poll(moved, { ...patience, interval: 500 }).toBeGreaterThan(2)
  await rig.publisher.publish(metrics(`${pointsOf('alone', 10)}\nnonsense of another`))
  await expect.poll(() => rig.countOf('alone'), patience).toEqual([10, 9])
  await expect.poll(() => lettersOf('default'), patience).toBe(1)
  expect(
    Number(((await rig.countOf('good', 'acme')) as number[] | undefined)?.[0] ?? 0),
  ).toBeLessThan(sent)
  const connection = await connect(rig.server.url)
  await (await connection.createChannel()).purgeQueue(waiting)
  await connection.close()
  await expect.poll(() => rig.countOf('good', 'acme'), patience).toEqual([sent, sent - 1])
})
