import { fromStore } from '@warren/api/gateway/influxdb/from-store'
import { epochOf } from '@warren/api/gateway/influxdb/read/parameters'
import { readQuery } from '@warren/api/gateway/influxdb/read/read-query'
import { runQuery } from '@warren/api/gateway/influxdb/run-query'
import { newTrail } from '@warren/api/gateway/trail'
import { Refusal } from '@warren/api/http/refusal'
import { publicDatabase } from '@warren/contracts/names'
import { duckdb } from '@warren/stores/metrics/duckdb'
import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import type { Answerer, Question } from './answerer.ts'
import { batchOf } from './batch.ts'

/** What the language answers is compared, not how much of it may be asked. */
const unlimited = { charge: async () => undefined, giveBack: () => undefined }

const maxBytes = 64 * 1024 * 1024

/** What the gateway sends for a question, or the text with which it refuses. */
async function askGateway(
  metricStore: MetricStore,
  tenant: string,
  { text, epoch }: Question,
): Promise<string> {
  const signal = AbortSignal.timeout(60_000)
  const parameters = {
    ...{ text, database: publicDatabase, bound: {}, policy: undefined },
    ...{ epoch: epochOf(epoch), pretty: false },
  }
  const rights = { tenant, deployments: undefined }
  const caller = {
    ...rights,
    credential: 'compare',
    isAlert: false,
    wantsFresh: true,
    requestId: '',
  }
  const answerQuery = fromStore(metricStore, (_, { ask }) => ask(signal))
  try {
    const { body } = await runQuery(
      readQuery(parameters, rights, BigInt(Date.now()) * 1_000_000n),
      { ...caller, signal, trail: newTrail() },
      { answerQuery, limiter: unlimited, fit: {} },
    )
    return (await body.encoded({ maxBytes })).join().toString()
  } catch (error) {
    if (error instanceof Refusal) return `${JSON.stringify({ error: error.message })}\n`
    throw error
  }
}

function behindGateway(store: MetricStore, close: () => Promise<void>): Answerer {
  return {
    write: async (tenant, lines) => {
      const { refused } = await store.write(batchOf(tenant, lines))
      if (refused.length > 0) throw new Error(`refused: ${refused[0]?.reason}`)
    },
    ask: (tenant, question) => askGateway(store, tenant, question),
    close,
  }
}

/** The embedded store in a folder of its own, asked as the gateway asks it. */
export async function openEmbedded(threads = 2): Promise<Answerer> {
  const dataDir = await makeTempDir('influxql')
  const settings = duckdb.settings.parse({ maxIdleFiles: 16, threads })
  const store = await duckdb.create(settings, { dataDir })
  return behindGateway(store, async () => {
    await store.close()
    await removeTempDir(dataDir)
  })
}

/** A running InfluxDB as a store, asked as the gateway asks it. */
export async function openInflux1Store(url: string): Promise<Answerer> {
  const store = await openInflux1(url)
  return behindGateway(store, () => store.close())
}
