import { setTimeout as sleep } from 'node:timers/promises'
import type { TestServer } from '@warren/test-servers/test-server'
import { eventually } from '../client.ts'
import { fillDisk } from './full-disk.ts'
import type { Servers } from './world.ts'

/** Below what Elasticsearch leaves free of the small disk, 5 %; above what it still writes by itself. */
const leftToElasticsearch = 24 * 1024 * 1024

/** Whether Elasticsearch has stopped writes since its disk is nearly full: https://www.elastic.co/docs/troubleshoot/elasticsearch/fix-watermark-errors */
async function stopsWrites({ url }: TestServer): Promise<boolean> {
  const answer = await fetch(`${url}/logs-warren.*/_settings?flat_settings=true`)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`its settings: ${answer.status}: ${text}`)
  return text.includes('"index.blocks.read_only_allow_delete":"true"')
}

const untilItStops = (server: TestServer, wanted: boolean): Promise<true> =>
  eventually(async () => ((await stopsWrites(server)) === wanted ? true : undefined), 60_000)

/** InfluxDB meets a disk without a free block. Elasticsearch at its defaults stops before that, and goes on by itself; a disk that fills faster than it looks makes it lose what it has confirmed. */
export async function fillServerDisks(servers: Servers): Promise<void> {
  const { influxdb, elasticsearch } = servers
  const stopped = untilItStops(elasticsearch, true).then(() => sleep(3000))
  await Promise.all([
    fillDisk(influxdb.dataDir, sleep(8000)),
    fillDisk(elasticsearch.dataDir, stopped, leftToElasticsearch),
  ])
  await startInfluxdbAgain(servers)
  await untilItStops(elasticsearch, false)
}

/** What an operator does once there is room. InfluxDB 1.6 repeats the error of its log until it is started again; that start cuts what is torn from the log and goes on behind the
 *  gap, where a later start finds nothing of what it confirmed meanwhile. So nothing may be written until it was started twice. */
async function startInfluxdbAgain({ influxdb, metricProxy }: Servers): Promise<void> {
  metricProxy.always({ kind: 'answer', status: 503 })
  try {
    await influxdb.restart()
    await influxdb.restart()
  } finally {
    metricProxy.always(undefined)
  }
}
