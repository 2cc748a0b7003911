import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import { elasticsearch } from './elasticsearch.ts'
import { logStoreContract } from './log-store.contract.ts'

logStoreContract('elasticsearch', async () => {
  const external = process.env['WARREN_TEST_ELASTICSEARCH']
  const server = external === undefined ? await startElasticsearch() : undefined
  const url = server?.url ?? external ?? ''
  const post = async (path: string) => {
    const { status } = await fetch(`${url}${path}`, { method: 'POST' })
    if (status !== 200) throw new Error(`POST ${path}: ${status}`)
  }
  const settings = elasticsearch.settings.parse({ url })
  return {
    open: () => elasticsearch.create(settings, { dataDir: '' }),
    refresh: () => post('/logs-warren.*-*/_refresh'),
    rollover: (stream) => post(`/${stream}/_rollover`),
    stop: async () => server?.close(),
  }
})
