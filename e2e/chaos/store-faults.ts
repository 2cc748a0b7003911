import { setTimeout as sleep } from 'node:timers/promises'
import type { Act, Fault as ProxyFault } from '@warren/test-servers/fault-proxy'
import type { Fault } from './fault.ts'
import type { Servers, World } from './world.ts'

const external = ({ servers }: World): boolean => servers !== undefined

function serversOf({ servers }: World): Servers {
  if (servers === undefined) throw new Error('BUG: this fault needs servers outside')
  return servers
}

/** A fault of both stores that stands for a while. */
const atStores = (name: string, breakStores: (servers: Servers) => Promise<void>): Fault => ({
  name,
  target: 'stores',
  countsExactly: true,
  possible: external,
  run: (world) => breakStores(serversOf(world)),
})

const answering = (name: string, fault: ProxyFault): Fault =>
  atStores(name, async ({ metricProxy, logProxy }) => {
    for (const proxy of [metricProxy, logProxy]) proxy.always(fault)
    await sleep(4000)
    for (const proxy of [metricProxy, logProxy]) proxy.always(undefined)
  })

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
  atStores('InfluxDB and Elasticsearch killed', async ({ influxdb, elasticsearch }) => {
    const servers = [influxdb, elasticsearch]
    await Promise.all(servers.map((server) => server.kill('SIGKILL')))
    await sleep(1000)
    await Promise.all(servers.map((server) => server.restart()))
  }),
  atStores('InfluxDB and Elasticsearch stopped (SIGSTOP)', async ({ influxdb, elasticsearch }) => {
    const servers = [influxdb, elasticsearch]
    await Promise.all(servers.map((server) => server.kill('SIGSTOP')))
    await sleep(6000)
    await Promise.all(servers.map((server) => server.kill('SIGCONT')))
  }),
  answering('stores 2 s late', { kind: 'slow', ms: 2000 }),
  answering('stores answer 429 with Retry-After', {
    kind: 'answer',
    status: 429,
    headers: { 'retry-after': '1' },
    body: '{"error":"injected"}',
  }),
  answering('stores answer 503', { kind: 'answer', status: 503, body: '{"error":"injected"}' }),
  answering('stores cut the connection before they read', { kind: 'cut' }),
  answering('stores write, and the answer is lost', { kind: 'lose answer' }),
  atStores('Elasticsearch takes every second document', async ({ logProxy }) => {
    logProxy.always({ kind: 'act', act: takeEverySecond })
    await sleep(4000)
    logProxy.always(undefined)
  }),
  {
    name: 'Elasticsearch rolls over between two deliveries',
    target: 'stores',
    countsExactly: true,
    possible: external,
    run: async (world, load) => {
      const { elasticsearch } = serversOf(world)
      await load.hold()
      await load.stored(world.client)
      const path = '/logs-warren.chaos-default/_rollover'
      const answer = await fetch(`${elasticsearch.url}${path}`, { method: 'POST' })
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
      await load.repeat()
      load.release()
    },
  },
]
