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
export async function fillServerDisks({ influxdb, elasticsearch }: Servers): Promise<void> {
  const stopped = untilItStops(elasticsearch, true).then(() => sleep(3000))
  await Promise.all([
    fillDisk(influxdb.dataDir, sleep(8000)),
    fillDisk(elasticsearch.dataDir, stopped, leftToElasticsearch),
  ])
  // What an operator does once there is room: InfluxDB 1.6 repeats the error of its log until it is started again.
  await influxdb.restart()
  await untilItStops(elasticsearch, false)
}
