import { setTimeout as sleep } from 'node:timers/promises'
import { createHttpSender, type HttpSender } from '@warren/stores/http/sender'
import { elasticsearch } from '@warren/stores/logs/elasticsearch'
import type { LogStore } from '@warren/stores/logs/log-store'
import { searchOf } from '@warren/stores/logs/testing'
import { influx1 } from '@warren/stores/metrics/influx1'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import { openTestApi } from '../../api/testing.ts'
import {
  grants,
  landlord,
  neighbourPoints,
  neighbourRecords,
  pointsOf,
  reader,
  recordsOf,
  stranger,
  strangerPoints,
  strangerRecords,
} from './data.ts'
import type { Language } from './question.ts'

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
  close(): Promise<void>
}

interface WorldOptions {
  readonly language: Language
  readonly store: StoreName
  readonly withStranger: boolean
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
    const server = await startInfluxdb()
    const settings = influx1.settings.parse({ url: server.url })
    const metricStore = await influx1.create(settings, { dataDir: '' })
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

/** Limits are in force some seconds after they were set. */
async function untilLimited(gateway: HttpSender, token: string): Promise<void> {
  const path = '/gateway/influxdb/query?db=warren&q=SHOW+DATABASES'
  for (let left = 100; left > 0; left--) {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await gateway.send({ method: 'GET', path, headers })
    if (String(answer.headers['ratelimit-policy']).includes(`w=${seconds}`)) return
    await sleep(100)
  }
  throw new Error('the limits are not in force')
}

export async function openWorld({ language, store, withStranger }: WorldOptions): Promise<World> {
  const external = store === 'external' ? await openExternal(language) : nothing
  const test = await openTestApi(settings, external.stores)
  const { catalog, metricStore, logStore } = { ...test, ...external.stores }
  for (const tenant of [reader, stranger, landlord]) {
    await catalog.tenants.ensure(tenant)
    await catalog.queryLimits.put(tenant, limits, 0)
  }
  // The stranger first: whatever its types decide for others is decided before the reader's come.
  await fill({ language, withStranger, metricStore, logStore })
  const gateway = createHttpSender({ url: test.api.url, headers: {}, timeoutMs })
  const tokens = {
    readerToken: await test.tokenOf('viewer', reader),
    strangerToken: await test.tokenOf('viewer', stranger),
    grantedToken: await test.tokenOf('viewer', landlord, grants),
    landlordToken: await test.tokenOf('viewer', landlord),
    managerToken: await test.tokenOf('manager', reader),
  }
  for (const token of Object.values(tokens)) await untilLimited(gateway, token)
  return {
    gateway,
    ...tokens,
    close: async () => {
      gateway.close()
      await test.close()
      await external.close()
    },
  }
}

interface FillOptions extends Pick<WorldOptions, 'language' | 'withStranger'> {
  readonly metricStore: MetricStore
  readonly logStore: LogStore
}

/** The stranger first: whatever its types decide for others is decided before the reader's come. */
async function fill({ language, withStranger, metricStore, logStore }: FillOptions): Promise<void> {
  const others = withStranger ? [strangerPoints(), neighbourPoints()] : []
  const otherRecords = withStranger ? [strangerRecords(), neighbourRecords()] : []
  const writes =
    language === 'influxql'
      ? [...others, pointsOf(reader), pointsOf(landlord)].map(
          (batch) => () => metricStore.write(batch),
        )
      : [...otherRecords, recordsOf(reader), recordsOf(landlord)].map(
          (batch) => () => logStore.write(batch),
        )
  for (const write of writes) {
    const { refused } = await write()
    if (refused.length > 0) throw new Error(`the store refused ${JSON.stringify(refused[0])}`)
  }
  if (language === 'search') await untilSeen(logStore)
}

/** Elasticsearch shows what it holds a second later, both tenants' at one time. */
async function untilSeen(logStore: LogStore): Promise<void> {
  const wanted = recordsOf(reader).starts.length - 1
  const isSeen = async (tenant: string) => {
    const { hits } = await searchOf(logStore, { tenant })
    return hits.hits.length >= wanted
  }
  for (let left = 300; left > 0; left--) {
    if ((await isSeen(reader)) && (await isSeen(landlord))) return
    await sleep(100)
  }
  throw new Error('the records were stored, and are not seen')
}
