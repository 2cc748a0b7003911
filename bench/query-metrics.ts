import { setTimeout as sleep } from 'node:timers/promises'
import { openBroker } from '@warren/broker/open'
import { contentTypes } from '@warren/contracts/message'
import { toRoutingKey } from '@warren/contracts/routing-key'
import { createLog } from '@warren/platform/log'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { filledFolder } from './filled-folder.ts'
import { encoded } from './packed.ts'
import { peakRssMb } from './process-cost.ts'
import { fillPoints, hostCount, pointsAt, rangeOf } from './queried-points.ts'
import { marksOf, type Shape, time, toDetails, worstShare } from './timed-questions.ts'
import { startWarren, type WarrenProcess } from './warren-process.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000
/** Of a point of each host: 10,000 points a second. */
const writesPerSecond = 10

interface Range {
  readonly fromMs: number
  readonly toMs: number
}

/** Another stretch of the range for each number, which begins and ends between two minutes. */
function stretch({ fromMs, toMs }: Range, lengthMs: number, number: number): Range {
  const room = Math.max(0, toMs - fromMs - lengthMs)
  const start = fromMs + Math.floor((room * ((number * 0.618) % 1)) / 1000) * 1000 + 7
  return { fromMs: start, toMs: Math.min(toMs, start + lengthMs) }
}

function shapesOf(warren: WarrenProcess, range: Range): readonly Shape[] {
  const dayRangeMs = Math.min(dayMs, range.toMs - range.fromMs)
  const hourRangeMs = Math.min(hourMs, dayRangeMs)
  const asked = (select: string, lengthMs: number, group: string) => async (number: number) => {
    const { fromMs, toMs } = stretch(range, lengthMs, number)
    const host = select.replace('$host', `host-${(number * 37) % hostCount}`)
    const text = `SELECT ${host} time >= ${fromMs}ms AND time < ${toMs}ms GROUP BY ${group}`
    const unpack = await warren.ask(text)
    return () => rowsOf(unpack())
  }
  const minutes = Math.floor(hourRangeMs / minuteMs)
  const fives = Math.floor(dayRangeMs / (5 * minuteMs))
  return [
    {
      ...{ name: 'hostHour', markMs: 15, times: 100, minRows: minutes },
      ask: asked(`mean("usage") FROM "load" WHERE "host" = '$host' AND`, hourRangeMs, 'time(1m)'),
    },
    {
      ...{ name: 'allHostsHour', markMs: 120, times: 20, minRows: minutes * hostCount },
      ask: asked('mean("usage") FROM "load" WHERE', hourRangeMs, 'time(1m), "host"'),
    },
    {
      ...{ name: 'allDay', markMs: 200, times: 12, minRows: fives },
      ask: asked('mean("usage") FROM "load" WHERE', dayRangeMs, 'time(5m)'),
    },
    {
      ...{ name: 'medianDay', markMs: 600, times: 8, minRows: fives },
      ask: asked('median("usage") FROM "load" WHERE', dayRangeMs, 'time(5m)'),
    },
  ]
}

/** The same with later questions. */
const asksFrom = (shape: Shape, first: number): Shape => ({
  ...shape,
  ask: (number) => shape.ask(first + number),
})

function rowsOf(body: Buffer): number {
  const { results } = JSON.parse(body.toString()) as {
    results: { error?: string; series?: { values: unknown[][] }[] }[]
  }
  const [result] = results
  if (result?.error !== undefined) throw new Error(result.error)
  return (result?.series ?? []).reduce((sum, { values }) => sum + values.length, 0)
}

/** Sends points of now, of the same hosts, at a steady rate until it is stopped. */
async function writeSteadily(url: string, until: AbortSignal): Promise<void> {
  const log = createLog({ service: 'bench', level: 'error', pretty: true })
  const broker = openBroker({ url, name: 'bench', log })
  const publisher = broker.publisher()
  const startMs = Date.now()
  try {
    for (let number = 0; !until.aborted; number++) {
      const dueMs = startMs + (number * 1000) / writesPerSecond
      if (dueMs > Date.now()) await sleep(dueMs - Date.now())
      const message = {
        exchange: 'warren.metrics',
        key: toRoutingKey('default', 'bench', 'bench'),
        body: Buffer.from(pointsAt(number, Date.now())),
        contentType: contentTypes.lineProtocol,
        items: hostCount,
      }
      const [packed] = encoded([message], 'zstd')
      if (packed !== undefined) await publisher.publish(packed)
    }
  } finally {
    await broker.close()
  }
}

/** How long the gateway takes to answer what needs no store, ms: what a busy event loop costs everybody else. */
async function watchLoop(warren: WarrenProcess, until: AbortSignal): Promise<number> {
  let worstMs = 0
  while (!until.aborted) {
    const startMs = performance.now()
    await (await fetch(`${warren.url}/healthz`)).arrayBuffer()
    worstMs = Math.max(worstMs, performance.now() - startMs)
    await sleep(5)
  }
  return worstMs
}

/** The longest wait of others while the largest answers are made, ms. */
async function worstWait(warren: WarrenProcess, shape: Shape): Promise<number> {
  const end = new AbortController()
  const watching = watchLoop(warren, end.signal)
  try {
    for (let number = 0; number < 5; number++) await shape.ask(shape.times + number)
  } finally {
    end.abort()
  }
  return await watching
}

async function run({ items = 10_000_000, data }: BenchOptions): Promise<Measured> {
  const rabbitmq = await startRabbitmq()
  const folder = await filledFolder(data, {
    items,
    rangeOf: (nowMs) => rangeOf(items, nowMs),
    fill: (dataDir, { fromMs }) => fillPoints(dataDir, items, fromMs),
  })
  const warren = await startWarren({ WARREN_AMQP_URL: rabbitmq.url }, folder)
  const end = new AbortController()
  const writing = writeSteadily(rabbitmq.url, end.signal)
  try {
    const shapes = shapesOf(warren, folder.range)
    // Files are opened at the first question, and code is compiled while the first ones are answered: a process that has run for a minute has done both. Others than those that count, so that no answer is known.
    for (const shape of shapes)
      await time({ ...asksFrom(shape, 1000), times: Math.ceil(shape.times / 5) }, warren.pid)
    const before = { stored: await warren.stored('metrics'), atMs: performance.now() }
    const timings = []
    for (const shape of shapes) timings.push(await time(shape, warren.pid))
    const stored = (await warren.stored('metrics')) - before.stored
    const [, largest] = shapes
    const waitMs = largest === undefined ? 0 : await worstWait(warren, largest)
    return {
      value: worstShare(timings),
      unit: 'of its mark, the slowest kind of question',
      mark: marksOf(timings),
      holds: worstShare(timings) <= 1,
      details: {
        ...{ items, ...toDetails(timings) },
        storedPerSecond: Math.round((stored * 1000) / (performance.now() - before.atMs)),
        longestWaitBesideLargeMs: Math.round(waitMs),
        peakRssMb: Math.round(peakRssMb(warren.pid)),
      },
    }
  } finally {
    end.abort()
    await writing
    await warren.close()
    await rabbitmq.close()
  }
}

export const queryMetrics: Bench = {
  about:
    'how long the gateway takes to answer of 10 M points that are being added to, embedded store',
  run,
}
