import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import { afterAll } from 'vitest'
import { elasticsearch } from './elasticsearch.ts'
import { type LogStoreHarness, logStoreContract } from './log-store.contract.ts'
import { logRetentionContract } from './log-store.retention.contract.ts'
import { logSearchContract } from './log-store.search.contract.ts'

// A running one may be given to save its start while developing.
const given = process.env['WARREN_TEST_ELASTICSEARCH']
const server = given === undefined ? startElasticsearch() : undefined
afterAll(async () => (await server)?.close())

const start = async (): Promise<LogStoreHarness> => {
  const url = (await server)?.url ?? given ?? ''
  const post = async (path: string) => {
    const { status } = await fetch(`${url}${path}`, { method: 'POST' })
    if (status !== 200) throw new Error(`POST ${path}: ${status}`)
  }
  const settings = elasticsearch.settings.parse({ url })
  return {
    open: () => elasticsearch.create(settings, { dataDir: '' }),
    refresh: () => post('/logs-warren.*-*/_refresh'),
    rollover: (stream) => post(`/${stream}/_rollover`),
    stop: async () => undefined,
  }
}

logStoreContract('elasticsearch', start)
logRetentionContract('elasticsearch', start)
// Modules that the server's smallest distribution comes without, scripts among them.
logSearchContract('elasticsearch', start, [
  'top_metrics',
  'rate',
  'derivative',
  'moving_fn',
  'moving_avg',
  'bucket_script',
])
