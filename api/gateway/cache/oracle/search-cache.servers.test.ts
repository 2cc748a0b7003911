import { elasticsearch } from '@warren/stores/logs/elasticsearch'
import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import { searchCacheContract } from './search-cache.contract.ts'

searchCacheContract('Elasticsearch', async () => {
  const server = await startElasticsearch()
  const settings = elasticsearch.settings.parse({ url: server.url })
  return {
    open: () => elasticsearch.create(settings, { dataDir: '' }),
    refresh: async () => {
      const path = '/logs-warren.*-*/_refresh'
      const { status } = await fetch(`${server.url}${path}`, { method: 'POST' })
      if (status !== 200) throw new Error(`POST ${path}: ${status}`)
    },
    stop: () => server.close(),
  }
})
