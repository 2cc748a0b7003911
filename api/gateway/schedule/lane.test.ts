import { expect, it } from 'vitest'
import { Lane } from './lane.ts'

const never = new AbortController().signal
const limits = {
  ...{ running: () => 3, kept: () => 0, runningPerTenant: () => 2 },
  ...{ waiting: 100, waitingPerTenant: 2 },
}

/** Takes turns and notes in which order they begin. */
function createTaker(lane: Lane) {
  const order: string[] = []
  return {
    order,
    take: async (
      name: string,
      tenant: string,
      { group = 'all', cost = 1, signal = never } = {},
    ) => {
      const end = await lane.take({ tenant, group, cost, signal })
      order.push(name)
      return end
    },
  }
}

/** Ends turn after turn until every one was taken. */
async function drain(turns: readonly Promise<() => void>[]): Promise<void> {
  for (const turn of turns) void turn.then((end) => end())
  await Promise.all(turns)
}

it('bounds what runs in all and for one tenant, and lets a burst wait', async () => {
  const lane = new Lane(limits)
  const { order, take } = createTaker(lane)
  const a1 = await take('a1', 'a')
  const a2 = await take('a2', 'a')
  const a3 = take('a3', 'a')
  const b1 = await take('b1', 'b')
  const b2 = take('b2', 'b')
  expect([lane.running, lane.waiting]).toEqual([3, 2])
  b1()
  const releaseB2 = await b2
  expect(order).toEqual(['a1', 'a2', 'b1', 'b2'])
  a1()
  a1()
  const releaseA3 = await a3
  for (const release of [a2, releaseA3, releaseB2]) release()
  expect([lane.running, lane.waiting]).toEqual([0, 0])
})

it('refuses only when a queue is full, the one of the tenant or all of them', async () => {
  const lane = new Lane({ ...limits, running: () => 1, waiting: 3 })
  const release = await lane.take({ tenant: 'a', group: 'all', cost: 1, signal: never })
  const { take } = createTaker(lane)
  const waiting = [take('a1', 'a'), take('a2', 'a')]
  await expect(take('a3', 'a')).rejects.toMatchObject({
    status: 429,
    message: expect.stringMatching(
      /^2 queries of this tenant are waiting for the store already; retry in [23] s$/,
    ),
  })
  waiting.push(take('b1', 'b'))
  await expect(take('c1', 'c')).rejects.toThrow('too many queries are waiting')
  release()
  await drain(waiting)
  expect([lane.running, lane.waiting]).toEqual([0, 0])
})

it('sends who finds a queue full back when it will have drained', async () => {
  let nowMs = 0
  const lane = new Lane({ ...limits, running: () => 1, waitingPerTenant: 4 }, () => nowMs)
  const { take } = createTaker(lane)
  const refused = async (tenant: string) => {
    const error: unknown = await take('refused', tenant).catch((reason: unknown) => reason)
    const { retryAfterS, message } = error as { retryAfterS: number; message: string }
    expect(message).toContain(`; retry in ${retryAfterS} s`)
    return retryAfterS
  }
  const first = await take('a', 'a')
  const waiting = Array.from({ length: 4 }, () => take('a', 'a'))
  nowMs = 2000
  first()
  waiting.push(take('a', 'a'))
  // One has had its turn in two seconds, and four wait.
  const seconds = await refused('a')
  expect([seconds >= 8, seconds <= 12, Number.isInteger(seconds)]).toEqual([true, true, true])
  nowMs = 60_000
  expect(await refused('a')).toBeGreaterThanOrEqual(30)
  await drain(waiting)
})

it('drops a waiting query whose client has gone', async () => {
  const lane = new Lane({ ...limits, running: () => 1 })
  const { take } = createTaker(lane)
  const release = await take('a1', 'a')
  const client = new AbortController()
  const waiting = take('a2', 'a', { signal: client.signal })
  client.abort(new Error('gone'))
  await expect(waiting).rejects.toThrow('gone')
  expect(lane.waiting).toBe(0)
  release()
  await expect(take('a3', 'a', { signal: client.signal })).rejects.toThrow('gone')
  expect(lane.running).toBe(0)
})

/** A lane of one turn that is taken, so that the order of those that wait shows. */
async function startBusy() {
  const lane = new Lane({
    ...{ running: () => 1, kept: () => 0, runningPerTenant: () => 1 },
    ...{ waiting: 1000, waitingPerTenant: 1000 },
  })
  const taker = createTaker(lane)
  const end = await lane.take({ tenant: 'busy', group: 'all', cost: 1, signal: never })
  return { ...taker, end }
}

it('shares turns by cost: a tenant of dear queries gets as much as one of cheap ones', async () => {
  const { order, take, end } = await startBusy()
  const wishes = Array.from({ length: 40 }, (_, index) => index)
  const turns = [
    // The first of each comes alone; what follows takes turns.
    ...wishes.map((index) => take('dear', 'a', { cost: 40, group: `${index % 2}` })),
    ...wishes.map(() => take('cheap', 'b', { cost: 10 })),
  ]
  end()
  await drain(turns)
  const early = order.slice(0, 40)
  expect(early.filter((name) => name === 'dear').length).toBeGreaterThanOrEqual(7)
  expect(early.filter((name) => name === 'dear').length).toBeLessThanOrEqual(10)
})

it('shares the turns of one tenant among its dashboards', async () => {
  const { order, take, end } = await startBusy()
  const wishes = Array.from({ length: 20 }, (_, index) => index)
  const turns = [
    ...wishes.map(() => take('wall', 'a', { group: 'wall' })),
    ...wishes.slice(0, 3).map(() => take('person', 'a', { group: 'person' })),
  ]
  end()
  await drain(turns)
  expect(order.indexOf('person')).toBeLessThan(3)
  expect(order.lastIndexOf('person')).toBeLessThan(8)
})

it('lets who came alone go before queues, but not more than every second turn', async () => {
  const { order, take, end } = await startBusy()
  const wishes = Array.from({ length: 30 }, (_, index) => index)
  const turns = [
    ...wishes.flatMap((index) => [take('flood', `f${index}`), take('flood', `f${index}`)]),
    ...wishes.map((index) => take('alone', `z${index}`)),
  ]
  end()
  await drain(turns)
  // Everybody came alone with the first; the queues still get every second turn.
  expect(order.slice(0, 20).filter((name) => name === 'flood').length).toBeGreaterThan(9)
})

it('lets a tenant that asks little and often go before those that always wait, also when it has fallen behind', async () => {
  let nowMs = 0
  const lane = new Lane(
    {
      ...{ running: () => 1, kept: () => 0, runningPerTenant: () => 1 },
      ...{ waiting: 1000, waitingPerTenant: 1000 },
    },
    () => nowMs,
  )
  const { order, take } = createTaker(lane)
  // Twenty a second, each answered in 10 ms.
  for (let query = 0; query < 100; query++) {
    const end = await take('quiet', 'quiet')
    nowMs += 10
    end()
    nowMs += 40
  }
  const end = await lane.take({ tenant: 'busy', group: 'all', cost: 1, signal: never })
  const flood = Array.from({ length: 50 }, (_, index) => index)
  const turns = flood.flatMap((index) => [take('flood', `f${index}`), take('flood', `f${index}`)])
  nowMs += 2000
  turns.push(...Array.from({ length: 6 }, () => take('quiet', 'quiet')))
  order.length = 0
  end()
  await drain(turns)
  const places = order.flatMap((name, index) => (name === 'quiet' ? [index] : []))
  expect(places).toHaveLength(6)
  expect(Math.max(...places)).toBeLessThan(12)
})

it('keeps a turn for tenants that ask little at a time, however many others there are', async () => {
  let nowMs = 0
  let kept = 0
  const options = { ...limits, running: () => 2, kept: () => kept, waitingPerTenant: 100 }
  const lane = new Lane(options, () => nowMs)
  const { order, take } = createTaker(lane)
  const flood = await Promise.all(['a', 'b'].map((tenant) => take('flood', tenant)))
  const waiting = ['a', 'b', 'a', 'b'].map((tenant) => take('flood', tenant))
  nowMs += 5000
  kept = 1
  expect([lane.running, lane.waiting]).toEqual([2, 4])
  const quiet = await take('quiet', 'quiet')
  const next = take('next', 'other')
  expect([lane.running, lane.waiting]).toEqual([3, 5])
  quiet()
  const last = await next
  expect(order).toEqual(['flood', 'flood', 'quiet', 'next'])
  // While it runs there is one of the others less.
  flood[0]?.()
  expect([lane.running, lane.waiting]).toEqual([2, 4])
  last()
  expect([lane.running, lane.waiting]).toEqual([2, 3])
  flood[1]?.()
  await drain(waiting)
})

it('keeps no turn for tenants that wait most of the time, where nothing of them is under way just now', async () => {
  let nowMs = 0
  const options = { ...limits, running: () => 2, kept: () => 1, waitingPerTenant: 100 }
  const lane = new Lane(options, () => nowMs)
  const { take } = createTaker(lane)
  const first = await Promise.all(['a', 'b', 'c'].map((tenant) => take('first', tenant)))
  const waiting = ['c', 'a', 'b', 'a', 'b'].map((tenant) => take(tenant, tenant))
  nowMs += 20_000
  for (const end of first) end()
  const endOfC = await (waiting[0] as Promise<() => void>)
  endOfC()
  expect([lane.running, lane.waiting]).toEqual([2, 2])
  // Of its tenant nothing is under way any more.
  const again = take('again', 'c')
  expect([lane.running, lane.waiting]).toEqual([2, 3])
  const quiet = await take('quiet', 'quiet')
  expect([lane.running, lane.waiting]).toEqual([3, 3])
  quiet()
  await drain([...waiting.slice(1), again])
})
