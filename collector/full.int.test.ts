import { connect } from 'node:net'
import { openBroker } from '@warren/broker/open'
import { storageQueue } from '@warren/contracts/topology'
import { createLog } from '@warren/platform/log'
import { canMount, mountSmallDisk } from '@warren/test-servers/small-disk'
import { expect, onTestFinished, test, vi } from 'vitest'
import {
  secrets,
  startTestCollector,
  type TestCollector,
  type TestCollectorOptions,
} from './testing.ts'

const patience = { timeout: 60_000, interval: 100 }
const perRequest = 100

async function start(options: TestCollectorOptions): Promise<TestCollector> {
  const world = await startTestCollector(options)
  onTestFinished(() => world.close())
  return world
}

const linesOf = (request: number): readonly string[] =>
  Array.from({ length: perRequest }, (_, at) => {
    const number = request * perRequest + at
    return `full,text=${'x'.repeat(500)} n=${number}i ${number + 1}`
  })

const post = (
  { url }: TestCollector,
  lines: readonly string[],
  secret: string = secrets.writes,
): Promise<Response> =>
  fetch(`${url}/write?db=warren`, {
    ...{ method: 'POST', body: `${lines.join('\n')}\n` },
    headers: { authorization: `Token ${secret}` },
  })

/** Writes until a request is refused; resolves with the lines that were answered 204, and the refusal. */
async function writeUntilRefused(world: TestCollector, first: number) {
  const taken: string[] = []
  for (let request = first; ; request += 1) {
    const lines = linesOf(request)
    const answer = await post(world, lines)
    if (answer.status !== 204) return { taken, next: request + 1, answer }
    taken.push(...lines)
  }
}

async function expectRefusal(answer: Response, reason: string): Promise<void> {
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  const { error } = (await answer.json()) as { error: string }
  expect(error).toContain('not confirmed as stored, send it again')
  expect(error).toContain(reason)
}

const countOf = async ({ registry }: TestCollector, outcome: string): Promise<number> => {
  const found = await registry.getSingleMetric('warren_collector_outbox_messages_total')?.get()
  const values = found?.values.filter(({ labels }) => labels['outcome'] === outcome) ?? []
  return values.reduce((sum, { value }) => sum + value, 0)
}

const linesIn = (bodies: readonly string[]): ReadonlySet<string> =>
  new Set(bodies.flatMap((body) => body.trimEnd().split('\n')))

const missing = (lines: readonly string[], arrived: ReadonlySet<string>): number =>
  lines.filter((line) => !arrived.has(line)).length

const state = ({ collector }: TestCollector) => collector.health()[0]?.state

/** Consumes the queue from which the poller stores. */
async function consumeStorage({ rabbitmq }: TestCollector, maxBytes: number) {
  const log = createLog({ service: 'test', level: 'error', pretty: true })
  const broker = openBroker({ url: rabbitmq.url, name: 'storage', log })
  onTestFinished(() => broker.close())
  const bodies: string[] = []
  broker.consume({
    queue: storageQueue({ stream: 'metrics', shard: 0, maxBytes }),
    prefetch: 10,
    handle: async ({ body }) => {
      bodies.push(body.toString())
      return { type: 'ack' }
    },
  })
  return bodies
}

test('what a full queue refuses waits on disk up to the bound, then senders are told 503; all that was answered comes once there is room', async () => {
  const maxQueueBytes = 300_000
  const world = await start({ rabbitmq: { maxQueueBytes } })
  const { taken, answer } = await writeUntilRefused(world, 0)
  await expectRefusal(answer, 'the spool is full')
  expect(await countOf(world, 'published')).toBeGreaterThan(3)
  expect(await countOf(world, 'spooled')).toBeGreaterThan(3)
  expect(world.collector.health()[0]).toMatchObject({
    ...{ state: 'yellow', reason: expect.stringContaining('it is full') },
  })
  const bodies = await consumeStorage(world, maxQueueBytes)
  await vi.waitFor(() => expect(missing(taken, linesIn(bodies))).toBe(0), patience)
  await vi.waitFor(() => expect(state(world)).toBe('green'), patience)
  expect((await post(world, linesOf(10_000))).status).toBe(204)
})

test('bodies of one tenant that do not come leave room for those of another', async () => {
  const world = await start({})
  const { port } = new URL(world.url)
  const head = [
    ...['POST /write?db=warren HTTP/1.1', 'Host: x', `Authorization: Token ${secrets.writes}`],
    ...[`Content-Length: ${3 * 1024 ** 2}`, '', ''],
  ].join('\r\n')
  // Each may become 3 MiB; all that wait may have 128.
  for (let opened = 0; opened < 50; opened += 1) {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(head))
    onTestFinished(() => void socket.destroy())
  }
  const large = Array.from({ length: 45 }, (_, request) => linesOf(request)).flat()
  // While it is not known yet whose they are, all of them hold room.
  const refused = await vi.waitFor(async () => {
    const answer = await post(world, large)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({
      error: 'too much of tenant default is on its way, send it again',
    })
    return answer
  }, patience)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await post(world, large, secrets.limited)).status).toBe(204)
})

if (canMount())
  test('a disk without room for the spool is a 503, too; what was answered comes, and the disk is used again', async () => {
    const world = await start({
      ...{ spoolBytes: 64 * 1024 ** 2, mount: (folder: string) => mountSmallDisk(folder, 4) },
    })
    let first = 0
    for (const _ of [1, 2]) {
      world.forget()
      await world.rabbitmq.kill()
      const { taken, next, answer } = await writeUntilRefused(world, first)
      first = next
      await expectRefusal(answer, 'ENOSPC')
      // Most of the 4 MB, in requests of 55 kB.
      expect(taken.length).toBeGreaterThan(40 * perRequest)
      expect(state(world)).toBe('yellow')
      await world.rabbitmq.start()
      const arrived = () => linesIn(world.received().map(({ body }) => body))
      await vi.waitFor(() => expect(missing(taken, arrived())).toBe(0), patience)
      await vi.waitFor(() => expect(state(world)).toBe('green'), patience)
    }
  })
