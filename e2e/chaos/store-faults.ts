import { setTimeout as sleep } from 'node:timers/promises'
import type { Act, Fault as ProxyFault } from '@warren/test-servers/fault-proxy'
import type { TestServer } from '@warren/test-servers/test-server'
import type { Fault } from './fault.ts'
import { fillDisk } from './full-disk.ts'
import { fillServerDisks } from './full-server-disks.ts'
import type { Load } from './load.ts'
import type { Servers, World } from './world.ts'

const external = ({ servers }: World): boolean => servers !== undefined

function serversOf({ servers }: World): Servers {
  if (servers === undefined) throw new Error('BUG: this fault needs servers outside')
  return servers
}

type Break = (world: World, load: Load) => Promise<void>

const atStores = (name: string, run: Break): Fault => ({
  name,
  target: 'stores',
  counts: 'equal',
  short: true,
  possible: external,
  run,
})

const onlyLong = (fault: Fault): Fault => ({ ...fault, short: false })

/** Both stores answer so for a while. */
const answering = (name: string, fault: ProxyFault): Fault =>
  atStores(name, async (world) => {
    const { metricProxy, logProxy } = serversOf(world)
    for (const proxy of [metricProxy, logProxy]) proxy.always(fault)
    await sleep(4000)
    for (const proxy of [metricProxy, logProxy]) proxy.always(undefined)
  })

const storesKilled = atStores('InfluxDB and Elasticsearch killed', async (world) => {
  const { influxdb, elasticsearch } = serversOf(world)
  const servers = [influxdb, elasticsearch]
  await Promise.all(servers.map((server) => server.kill('SIGKILL')))
  await sleep(1000)
  await Promise.all(servers.map((server) => server.restart()))
})

/** Longer than a write waits for its answer (30 s): the poller gives it up, and the store takes it all the same once it goes on. */
const hungMs = 35_000

const storesStopped = atStores('InfluxDB and Elasticsearch stopped (SIGSTOP)', async (world) => {
  const { influxdb, elasticsearch } = serversOf(world)
  const servers = [influxdb, elasticsearch]
  await Promise.all(servers.map((server) => server.kill('SIGSTOP')))
  await sleep(hungMs)
  await Promise.all(servers.map((server) => server.kill('SIGCONT')))
})

const everySecond = atStores('Elasticsearch takes every second document', async (world) => {
  const { logProxy } = serversOf(world)
  logProxy.always({ kind: 'act', act: takeEverySecond })
  await sleep(4000)
  logProxy.always(undefined)
})

const rolledOver = atStores(
  'Elasticsearch rolls over between two deliveries',
  async (world, load) => {
    const { elasticsearch } = serversOf(world)
    await load.hold()
    try {
      await load.stored(world.client)
      await post(elasticsearch, '/logs-warren.chaos-default/_rollover')
      await load.repeat()
    } finally {
      load.release()
    }
  },
)

async function post({ url }: TestServer, path: string): Promise<void> {
  const answer = await fetch(`${url}${path}`, { method: 'POST' })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
}

const diskFull: Fault = {
  name: 'disks of the stores full',
  target: 'stores',
  counts: 'equal',
  short: true,
  possible: ({ disks }) => disks.length > 0,
  run: async ({ disks, servers }) => {
    if (servers === undefined) await Promise.all(disks.map((disk) => fillDisk(disk, sleep(8000))))
    else await fillServerDisks(servers)
  },
}

interface BulkAnswer {
  readonly items: readonly object[]
}

/** Every second document of a `_bulk` is answered with 429 and kept from the server: https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk */
const takeEverySecond: Act = async ({ url, body }, forward) => {
  if (!url.startsWith('/_bulk')) return forward(body)
  const lines = body.toString().trimEnd().split('\n')
  const documents = Array.from({ length: lines.length / 2 }, (_, at) =>
    lines.slice(2 * at, 2 * at + 2),
  )
  const taken = documents.filter((_, at) => at % 2 === 0)
  const answer = await forward(Buffer.from(`${taken.flat().join('\n')}\n`))
  const answered = (JSON.parse(answer.body.toString()) as BulkAnswer).items
  const overloaded = {
    create: { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'injected' } },
  }
  const items = documents.map((_, at) => (at % 2 === 0 ? answered[at / 2] : overloaded))
  return { ...answer, body: JSON.stringify({ items }) }
}

export const storeFaults: readonly Fault[] = [
  storesKilled,
  onlyLong(storesStopped),
  onlyLong(answering('stores 2 s late', { kind: 'slow', ms: 2000 })),
  answering('stores answer 429 with Retry-After', {
    kind: 'answer',
    status: 429,
    headers: { 'retry-after': '1' },
    body: '{"error":"injected"}',
  }),
  onlyLong(
    answering('stores answer 503', { kind: 'answer', status: 503, body: '{"error":"injected"}' }),
  ),
  onlyLong(answering('stores cut the connection before they read', { kind: 'cut' })),
  answering('stores write, and the answer is lost', { kind: 'lose answer' }),
  everySecond,
  rolledOver,
  diskFull,
]
