import { setTimeout as sleep } from 'node:timers/promises'
import { createHttpSender, type HttpAnswer, type HttpSender } from '@warren/stores/http/sender'
import { elasticsearch } from '@warren/stores/logs/elasticsearch'
import type { LogStore } from '@warren/stores/logs/log-store'
import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import { openTestApi, type TestApi } from '../../api/testing.ts'
import { type Clock, tickMs } from './clock.ts'
import { grants, landlord, reader, stranger } from './data.ts'
import { fillLogs, fillMetrics, giveUpOld } from './fill.ts'
import { openLateNews } from './late-news.ts'
import type { Language } from './question.ts'
import { endMs, keptDays, oldEndMs, oldStartMs, startMs } from './times.ts'

export const storeNames = ['embedded', 'external'] as const
export type StoreName = (typeof storeNames)[number]

/** A gateway before stores of its own, and who asks there. */
export interface World {
  readonly gateway: HttpSender
  readonly readerToken: string
  readonly strangerToken: string
  /** Of the landlord's tenant: limited to the grants, and of all deployments. */
  readonly grantedToken: string
  readonly landlordToken: string
  /** Of the reader's tenant, for what viewers may not see. */
  readonly managerToken: string
  /** What came late of another tenant, told to the gateway. Of a world with the stranger. */
  tellLateNews(): Promise<void>
  /** Resolves once no series are counted any more, which is done beside a query, and priced from then on. */
  untilCounted(): Promise<void>
  close(): Promise<void>
}

interface WorldOptions {
  readonly language: Language
  readonly store: StoreName
  readonly withStranger: boolean
  /** One for both worlds. */
  readonly clock: Clock
}

type Stores = Partial<{ readonly metricStore: MetricStore; readonly logStore: LogStore }>

interface External {
  readonly stores: Stores
  close(): Promise<void>
}

async function closeInTurn(...parts: readonly { close(): Promise<void> }[]): Promise<void> {
  for (const part of parts) await part.close()
}

async function openExternal(language: Language): Promise<External> {
  if (language === 'influxql') {
    // Shards that are over leave at once.
    const configuration = '[retention]\ncheck-interval = "1s"'
    const server = await startInfluxdb({ configuration })
    const metricStore = await openInflux1(server.url)
    return { stores: { metricStore }, close: () => closeInTurn(metricStore, server) }
  }
  const server = await startElasticsearch()
  const settings = elasticsearch.settings.parse({ url: server.url })
  const logStore = await elasticsearch.create(settings, { dataDir: '' })
  return { stores: { logStore }, close: () => closeInTurn(logStore, server) }
}

const nothing: External = { stores: {}, close: async () => undefined }

/** Longer than the gateway's own deadline. */
const timeoutMs = 60_000

/** No query of the fuzz is to wait for another's turn, nor to be refused for their number. */
const settings = { queries: { concurrent: 64, concurrentPerTenant: 64 } }

/** Windows that no run outlasts, so that what is left says what was taken. */
const seconds = 86_400
const limits = {
  tenant: {
    requests: [{ seconds, most: 1_000_000_000 }],
    cost: [{ seconds, most: 1_000_000_000_000 }],
  },
}

async function request(gateway: HttpSender, token: string, q: string): Promise<HttpAnswer> {
  const path = `/gateway/influxdb/query?${new URLSearchParams({ db: 'warren', epoch: 'ms', q })}`
  return gateway.send({ method: 'GET', path, headers: { authorization: `Bearer ${token}` } })
}

async function untilCounted({ metrics }: Pick<TestApi, 'metrics'>): Promise<void> {
  const gauge = metrics.getSingleMetric('warren_api_series_counts_waiting')
  if (gauge === undefined) throw new Error('BUG: nothing tells how many series are to be counted')
  const startedMs = performance.now()
  for (;;) {
    const { values } = await gauge.get()
    if (values.every(({ value }) => value === 0)) return
    if (performance.now() - startedMs > timeoutMs) throw new Error('series are counted without end')
    await sleep(1)
  }
}

/** Settings are in force, and the broker is heard, some seconds later: an answer says so. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let left = 300; left > 0; left--) {
    if (await isSo()) return
    await sleep(100)
  }
  throw new Error(`after half a minute still not so: ${what}`)
}

const headerOf = ({ headers }: HttpAnswer, name: string): string => String(headers[name])

const windows = 'SELECT max(usage) FROM cpu WHERE time >='
/** Whose buckets are kept. */
const ofYesterday = `${windows} ${startMs}ms AND time < ${endMs}ms GROUP BY time(1h)`
/** Which rollups answer. */
const ofOld = `${windows} ${oldStartMs}ms AND time < ${oldEndMs}ms GROUP BY time(1h)`

const oldPoints = `SELECT count(usage) FROM cpu WHERE time < ${oldEndMs}ms`

/** Until the old points have left, and the gateway knows that, and keeps buckets. */
async function untilKeeping(
  { gateway, readerToken, grantedToken }: Asking,
  { clock, metricStore }: { readonly clock: Clock; readonly metricStore: MetricStore },
) {
  for (const token of [readerToken, grantedToken]) {
    const ask = (q: string) => {
      clock.advance(tickMs)
      return request(gateway, token, q)
    }
    await until('old points have left', async () => {
      await giveUpOld(metricStore)
      return !(await ask(oldPoints)).body.includes('"series"')
    })
    await until('rollups answer', async () =>
      /5m|1h/.test(headerOf(await ask(ofOld), 'x-warren-resolution')),
    )
    await until('buckets are kept', async () =>
      headerOf(await ask(ofYesterday), 'x-warren-cache').startsWith('hit'),
    )
  }
}

type Asking = Pick<World, 'gateway' | 'readerToken' | 'grantedToken'>

const retention = {
  ...{ metricsDays: keptDays, metrics5mDays: 300, metrics1hDays: 600, logsDays: 30 },
}

async function openParts({ language, store, clock }: WorldOptions) {
  const external = store === 'external' ? await openExternal(language) : nothing
  // Buckets are kept of metrics alone, by whoever hears of those that came late.
  const news = language === 'influxql' ? await openLateNews() : undefined
  const own = { tapBroker: news?.tapBroker, now: clock.now }
  const test = await openTestApi(settings, { ...external.stores, ...own })
  const gateway = createHttpSender({ url: test.api.url, headers: {}, timeoutMs })
  return {
    ...{ ...test, ...external.stores },
    ...{ news, test, gateway },
    close: async () => {
      gateway.close()
      await test.close()
      await news?.close()
      await external.close()
    },
  }
}

type Parts = Awaited<ReturnType<typeof openParts>>

async function settle(parts: Parts, { language, withStranger, clock }: WorldOptions) {
  const { catalog, metricStore, logStore, test, gateway } = parts
  for (const tenant of [reader, stranger, landlord]) {
    await catalog.tenants.ensure(tenant)
    await catalog.queryLimits.put(tenant, limits, 0)
    await catalog.retention.put(tenant, retention)
  }
  if (language === 'influxql') await fillMetrics(metricStore, withStranger)
  else await fillLogs(logStore, withStranger)
  const tokens = {
    readerToken: await test.tokenOf('viewer', reader),
    strangerToken: await test.tokenOf('viewer', stranger),
    grantedToken: await test.tokenOf('viewer', landlord, grants),
    landlordToken: await test.tokenOf('viewer', landlord),
    managerToken: await test.tokenOf('manager', reader),
  }
  for (const token of Object.values(tokens))
    await until('limits are in force', async () => {
      const told = headerOf(await request(gateway, token, 'SHOW DATABASES'), 'ratelimit-policy')
      return told.includes(`w=${seconds}`)
    })
  if (language === 'influxql') await untilKeeping({ gateway, ...tokens }, { clock, metricStore })
  return tokens
}

/** Throws when a server or a setting does not come; nothing is left open then. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const parts = await openParts(options)
  const { gateway, news, close } = parts
  try {
    const tokens = await settle(parts, options)
    return {
      ...{ gateway, ...tokens, close },
      tellLateNews: async () => {
        if (options.withStranger) await news?.announce(stranger)
      },
      untilCounted: () => untilCounted(parts),
    }
  } catch (error) {
    await close()
    throw error
  }
}
