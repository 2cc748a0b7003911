import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import { startPostgres } from '@warren/test-servers/postgres'
import type { TestServer } from '@warren/test-servers/test-server'

/** `embedded`: nothing but RabbitMQ. `external`: InfluxDB, Elasticsearch and PostgreSQL beside it. */
export const shape = process.env['WARREN_TEST_SHAPE'] === 'external' ? 'external' : 'embedded'

export interface Stores {
  /** Of Warren, so that it uses these servers. */
  readonly env: Readonly<Record<string, string>>
  readonly influxdb?: TestServer
  readonly elasticsearch?: TestServer
  readonly postgres?: TestServer
  close(): Promise<void>
}

export async function startStores(): Promise<Stores> {
  if (shape === 'embedded') return { env: {}, close: async () => undefined }
  const servers = await Promise.all([startInfluxdb(), startElasticsearch(), startPostgres()])
  const [influxdb, elasticsearch, postgres] = servers
  return {
    influxdb,
    elasticsearch,
    postgres,
    env: {
      WARREN_METRIC_STORE__TYPE: 'influx1',
      WARREN_METRIC_STORE__URL: influxdb.url,
      WARREN_LOG_STORE__TYPE: 'elasticsearch',
      WARREN_LOG_STORE__URL: elasticsearch.url,
      WARREN_CATALOG_URL: postgres.url,
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}
