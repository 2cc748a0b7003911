import { answers } from '@warren/test-servers/answers'
import { startCutter, through } from '@warren/test-servers/cutter'
import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import { startFaultProxy } from '@warren/test-servers/fault-proxy'
import { freePort } from '@warren/test-servers/free-port'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import { startPostgres } from '@warren/test-servers/postgres'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import { canMount } from '@warren/test-servers/small-disk'
import { createClient, eventually } from '../client.ts'
import { type Counters, combine, readCounters } from './counters.ts'
import { createService, type ServiceProcess } from './service-process.ts'
import type { World } from './world.ts'

/** Elasticsearch keeps its logs and its configuration there, too. */
const storeDiskMb = 1024

const password = 'chaos-password-of-the-admin'

interface Addresses {
  readonly catalog: string
  readonly metrics: string
  readonly logs: string
}

const storesAt = ({ catalog, metrics, logs }: Addresses) => ({
  WARREN_CATALOG_URL: catalog,
  WARREN_METRIC_STORE__TYPE: 'influx1',
  WARREN_METRIC_STORE__URL: metrics,
  WARREN_LOG_STORE__TYPE: 'elasticsearch',
  WARREN_LOG_STORE__URL: logs,
})

/** InfluxDB, Elasticsearch and PostgreSQL; a poller and an api as processes of their own. */
export async function openExternal(): Promise<World> {
  const diskMb = canMount() ? storeDiskMb : undefined
  const [influxdb, elasticsearch, postgres, rabbitmq] = await Promise.all([
    startInfluxdb({ diskMb }),
    startElasticsearch([], diskMb),
    startPostgres(),
    startRabbitmq(),
  ])
  const [metricProxy, logProxy, senders, pollers] = await Promise.all([
    startFaultProxy(influxdb.url),
    startFaultProxy(elasticsearch.url),
    startCutter(rabbitmq.amqpPort),
    startCutter(rabbitmq.amqpPort),
  ])
  const httpPort = await freePort()
  const direct = { catalog: postgres.url, metrics: influxdb.url, logs: elasticsearch.url }
  const api = await createService('api/main.ts', {
    ...storesAt(direct),
    WARREN_AMQP_URL: rabbitmq.url,
    WARREN_HTTP_PORT: String(httpPort),
    WARREN_ADMIN_PASSWORD: password,
  })
  const pollerEnv = {
    ...storesAt({ ...direct, metrics: metricProxy.url, logs: logProxy.url }),
    WARREN_AMQP_URL: through(rabbitmq.url, pollers),
  }
  const poller = await createService('poller/main.ts', pollerEnv)
  const running: ServiceProcess[] = [poller]
  const url = `http://127.0.0.1:${httpPort}`
  const closeables = [senders, pollers, metricProxy, logProxy, rabbitmq, postgres, elasticsearch]
  const world: World = {
    client: createClient(url, password),
    senderUrl: through(rabbitmq.agentUrl, senders),
    brokerUrl: rabbitmq.url,
    cutters: [senders, pollers],
    killPoller: poller.kill,
    startPoller: poller.start,
    pausePoller: poller.pause,
    killApi: async () => {
      await api.kill()
      await api.start()
    },
    killBroker: async () => {
      await rabbitmq.kill()
      await rabbitmq.start()
    },
    restartBroker: rabbitmq.restart,
    killCatalog: async () => {
      await postgres.kill('SIGKILL')
      await postgres.restart()
    },
    counters: async () => {
      const counts = await Promise.all(running.map(({ adminPort }) => readCounters(adminPort)))
      const none: Counters = { metrics: 0, logs: 0, parked: 0, inFlight: 0 }
      return counts.reduce((sum, one) => combine(sum, one, (a, b) => a + b), none)
    },
    disks: diskMb === undefined ? [] : [influxdb.dataDir, elasticsearch.dataDir],
    servers: {
      influxdb,
      elasticsearch,
      metricProxy,
      logProxy,
      startSecondPoller: async () => {
        const second = await createService('poller/main.ts', pollerEnv)
        await second.start()
        running.push(second)
        const kill = async () => {
          running.splice(running.indexOf(second), 1)
          await second.kill()
        }
        return { kill }
      },
    },
    close: async () => {
      await Promise.all([...running, api].map((service) => service.stop()))
      for (const closeable of [...closeables, influxdb]) await closeable.close()
    },
  }
  try {
    await api.start()
    await eventually(() => answers(`${url}/readyz`).then(() => true), 60_000)
    await poller.start()
    return world
  } catch (error) {
    await world.close()
    throw error
  }
}
