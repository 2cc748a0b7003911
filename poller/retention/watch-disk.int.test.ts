import { mkdirSync, readdirSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Broker, openBroker } from '@warren/broker/open'
import { databaseOf } from '@warren/contracts/names'
import { exchanges } from '@warren/contracts/topology'
import { parseQuery } from '@warren/influxql/parse'
import { silentLog } from '@warren/platform/log.testing'
import { toItemNames } from '@warren/stores/item-names'
import { duckdb as duckdbLogs } from '@warren/stores/logs/duckdb'
import { duckdb as duckdbMetrics } from '@warren/stores/metrics/duckdb'
import { joinIds } from '@warren/stores/record-ids'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { canMount, mountSmallDisk } from '@warren/test-servers/small-disk'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { connect } from 'amqplib'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { watchDisk } from './watch-disk.ts'

const log = silentLog()
const patience = { timeout: 60_000, interval: 50 }
const mebibyte = 1024 ** 2
const dayMs = 86_400_000
const [metricsOf, logsOf] = ['acme', 'default'] as const

const dayOf = (daysAgo: number): string =>
  new Date(Date.now() - daysAgo * dayMs).toISOString().slice(0, 10)

function linesOf(texts: readonly string[]) {
  const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''))
  const starts = new Uint32Array(texts.length + 1)
  for (const [index, text] of texts.entries())
    starts[index + 1] = (starts[index] ?? 0) + Buffer.byteLength(text) + 1
  return { bytes, starts }
}

type Stores = Awaited<ReturnType<typeof openStores>>
async function openStores(dataDir: string) {
  return {
    metrics: await duckdbMetrics.create(duckdbMetrics.settings.parse({}), { dataDir }),
    logs: await duckdbLogs.create(duckdbLogs.settings.parse({}), { dataDir }),
  }
}

/** A megabyte or so of each stream. */
async function writeDay({ metrics, logs }: Stores, daysAgo: number): Promise<void> {
  const startMs = Date.parse(`${dayOf(daysAgo)}T00:00:00Z`)
  const points = Array.from(
    { length: 60_000 },
    (_, at) => `cpu v=${Math.random()} ${BigInt(startMs + at) * 1_000_000n}`,
  )
  expect(await metrics.write({ tenant: metricsOf, ...linesOf(points) })).toEqual({ refused: [] })
  const ids = Array.from({ length: 4000 }, (_, at) =>
    `${daysAgo}`.padStart(4, '0').concat(`${at}`.padStart(28, '0')),
  )
  const records = ids.map((id, at) =>
    JSON.stringify({
      id,
      '@timestamp': new Date(startMs + at).toISOString(),
      message: Array.from({ length: 12 }, () => Math.random().toString(36)).join(' '),
    }),
  )
  const datasets = toItemNames(ids.map(() => 'generic'))
  await logs.write({ tenant: logsOf, ...linesOf(records), ids: joinIds(ids), datasets })
}

if (canMount())
  describe('a disk that is nearly full', () => {
    let dataDir: string
    let stores: Stores
    let server: TestRabbitmq
    let broker: Broker
    let unmount: (() => void) | undefined
    beforeAll(async () => {
      dataDir = await makeTempDir('watch-disk')
      mkdirSync(join(dataDir, 'disk'))
      unmount = mountSmallDisk(join(dataDir, 'disk'), 256)
      stores = await openStores(join(dataDir, 'disk'))
      server = await startRabbitmq()
      broker = openBroker({ url: server.url, name: 'test', log })
    })
    afterAll(async () => {
      await broker?.close()
      await server?.close()
      await stores?.metrics.close()
      await stores?.logs.close()
      unmount?.()
      await removeTempDir(dataDir)
    })

    const disk = () => join(dataDir, 'disk')
    const freeBytes = () => {
      const { bavail, bsize } = statfsSync(disk())
      return bavail * bsize
    }
    const daysIn = (folder: string) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.duckdb'))
        .map((name) => name.slice(0, 10))
        .sort()
    const days = () => ({
      metrics: daysIn(join(disk(), 'metrics', databaseOf(metricsOf))),
      logs: daysIn(join(disk(), 'logs', databaseOf(logsOf))),
    })
    const countOf = async (daysAgo: number) => {
      const from = `'${dayOf(daysAgo)}T00:00:00Z'`
      const [result] = await stores.metrics.query({
        tenant: metricsOf,
        statements: parseQuery(
          `SELECT count(v) FROM cpu WHERE time >= ${from} AND time < ${from} + 1d`,
        ),
        epoch: 'ns',
        nowNs: BigInt(Date.now()) * 1_000_000n,
        signal: new AbortController().signal,
      })
      return result?.series?.[0]?.values[0]?.[1] ?? 0
    }
    /** What is told of what happens on the platform. */
    const hearEvents = async () => {
      const connection = await connect(server.url)
      onTestFinished(() => connection.close())
      const channel = await connection.createChannel()
      const { queue } = await channel.assertQueue('', { exclusive: true })
      await channel.bindQueue(queue, exchanges.events, '#')
      const events: { readonly event_type: string; readonly context: object }[] = []
      await channel.consume(queue, (message) => {
        if (message !== null) events.push(JSON.parse(message.content.toString()))
      })
      return events
    }

    it('gets the room of the oldest days of both stores, and no more; each is told of', async () => {
      const old = [9, 8, 7, 6, 5, 4, 3, 2]
      for (const daysAgo of [...old, 1, 0]) await writeDay(stores, daysAgo)
      const before = days()
      expect(before.metrics).toEqual([...old, 1, 0].map(dayOf))
      expect(before.logs).toEqual(before.metrics)
      // Three of four wanted megabytes are free; five are made.
      const minFreeBytes = 4 * mebibyte
      writeFileSync(join(disk(), 'ballast'), Buffer.alloc(freeBytes() - 3 * mebibyte, 1))
      const events = await hearEvents()
      const registry = new Registry()
      const publisher = broker.publisher()
      const parts = { metrics: stores.metrics.disk, logs: stores.logs.disk }
      if (parts.metrics === undefined || parts.logs === undefined)
        throw new Error('BUG: embedded stores have a disk')
      const disks = { metrics: parts.metrics, logs: parts.logs }
      const watching = watchDisk({ disks, minFreeBytes, publisher, log, registry })
      onTestFinished(() => watching.close())
      await expect.poll(() => watching.health()[0]?.state, patience).toBe('yellow')
      expect(freeBytes()).toBeGreaterThanOrEqual(minFreeBytes)
      const left = days()
      const given = (stream: 'metrics' | 'logs') =>
        before[stream].filter((day) => !left[stream].includes(day))
      for (const stream of ['metrics', 'logs'] as const) {
        expect(given(stream).length).toBeGreaterThan(0)
        expect(left[stream]).toEqual(before[stream].slice(given(stream).length))
        expect(left[stream]).toEqual(expect.arrayContaining([dayOf(2), dayOf(1), dayOf(0)]))
      }
      const all = (['metrics', 'logs'] as const).flatMap(given)
      await expect.poll(() => events.length, patience).toBe(all.length)
      expect(new Set(events.map(({ event_type }) => event_type))).toEqual(
        new Set(['data_given_up']),
      )
      expect(await registry.metrics()).toContain(
        `days_given_up_total{stream="logs"} ${given('logs').length}`,
      )
      for (const daysAgo of [0, 1, 2]) expect(await countOf(daysAgo)).toBe(60_000)
      expect(await countOf(9)).toBe(0)
      // The next looks leave the rest alone, and what comes is stored.
      await writeDay(stores, 0)
      await watching.close()
      expect(days()).toEqual(left)
    })
  })
