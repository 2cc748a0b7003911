import { expect, it } from 'vitest'
import { QuerySlots } from './query-slots.ts'

const limits = { concurrent: 3, concurrentPerTenant: 2, queuedPerTenant: 2 }
const never = new AbortController().signal

it('bounds what runs in all and for one tenant, and starts the longest waiting that may', async () => {
  const slots = new QuerySlots(limits)
  const order: string[] = []
  const start = async (name: string, tenant: string) => {
    const release = await slots.take(tenant, never)
    order.push(name)
    return release
  }
  const a1 = await start('a1', 'a')
  const a2 = await start('a2', 'a')
  const a3 = start('a3', 'a')
  const b1 = await start('b1', 'b')
  const b2 = start('b2', 'b')
  expect([slots.running, slots.waiting]).toEqual([3, 2])
  b1()
  const releaseB2 = await b2
  expect(order).toEqual(['a1', 'a2', 'b1', 'b2'])
  a1()
  a1()
  const releaseA3 = await a3
  for (const release of [a2, releaseA3, releaseB2]) release()
  expect([slots.running, slots.waiting]).toEqual([0, 0])
})

it('refuses only when the queue of the tenant is full', async () => {
  const slots = new QuerySlots({ ...limits, concurrent: 1 })
  const release = await slots.take('a', never)
  const waiting = [slots.take('a', never), slots.take('a', never)]
  await expect(slots.take('a', never)).rejects.toMatchObject({
    status: 429,
    retryAfterS: 5,
    message: '2 queries of this tenant are waiting already; retry in 5 s',
  })
  const other = slots.take('b', never)
  release()
  for (const next of [...waiting, other]) (await next)()
  expect(slots.running).toBe(0)
})

it('drops a waiting query whose client has gone', async () => {
  const slots = new QuerySlots({ ...limits, concurrent: 1 })
  const release = await slots.take('a', never)
  const client = new AbortController()
  const waiting = slots.take('a', client.signal)
  client.abort(new Error('gone'))
  await expect(waiting).rejects.toThrow('gone')
  expect(slots.waiting).toBe(0)
  release()
  await expect(slots.take('a', client.signal)).rejects.toThrow('gone')
  expect(slots.running).toBe(0)
})
