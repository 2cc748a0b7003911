import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Definitions } from '@warren/broker/definitions'
import { openBroker } from '@warren/broker/open'
import { startPrivateNode } from '@warren/broker/private-node'
import { createdSenderSchema } from '@warren/contracts/http/senders'
import { statusSchema } from '@warren/contracts/http/status'
import { contentTypes } from '@warren/contracts/message'
import { exchanges } from '@warren/contracts/topology'
import { createLog } from '@warren/platform/log'
import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import { freePort } from '@warren/test-servers/free-port'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import { startPostgres } from '@warren/test-servers/postgres'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeSecrets } from './compose/secrets.ts'
import { writeSecrets } from './compose/write-secrets.ts'
import { type Standalone, startStandalone } from './testing.ts'

const log = createLog({ service: 'test', level: 'error', pretty: false })
const closers: (() => Promise<unknown>)[] = []
const closing = <Server extends { close(): Promise<void> }>(server: Server): Server => {
  closers.push(() => server.close())
  return server
}

let secrets: string
let amqpPort: number
let services: Standalone
const secretOf = (path: string) => readFileSync(join(secrets, path), 'utf8')

/** With the generated password, as the image's entry point makes it. */
async function startSecuredInfluxdb(password: string): Promise<string> {
  const { url } = closing(await startInfluxdb({ http: 'auth-enabled = true' }))
  const q = `CREATE USER "warren" WITH PASSWORD '${password}' WITH ALL PRIVILEGES`
  const answer = await fetch(`${url}/query`, { method: 'POST', body: new URLSearchParams({ q }) })
  expect(answer.status).toBe(200)
  return url
}

beforeAll(async () => {
  secrets = await makeTempDir('standalone')
  closers.push(() => removeTempDir(secrets))
  amqpPort = await freePort()
  const postgres = closing(await startPostgres())
  const files = makeSecrets().map((file) => ({
    ...file,
    text:
      file.path === 'warren/catalog-url'
        ? postgres.url
        : file.text.replace('@rabbitmq:5672', `@127.0.0.1:${amqpPort}`),
  }))
  writeSecrets({ folder: secrets, make: () => files, own: () => undefined })
  const definitions = JSON.parse(secretOf('rabbitmq/definitions.json')) as Definitions
  const [influxdb, elasticsearch] = await Promise.all([
    startSecuredInfluxdb(secretOf('influxdb/password')),
    startElasticsearch().then(closing),
    startPrivateNode({ dataDir: join(secrets, 'node'), amqpPort, definitions, log }).then(closing),
  ])
  services = await startStandalone({
    secrets,
    addresses: {
      'http://influxdb:8086': influxdb,
      'http://elasticsearch:9200': elasticsearch.url,
    },
  })
  closers.push(() => services.stop())
})
afterAll(async () => {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close()
})

const basic = (user: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`,
})
const admin = () => basic('admin', secretOf('warren/admin-password'))
/** As Grafana's data sources sign in. */
const grafana = () => basic('grafana', secretOf('grafana/grafana-token'))

async function eventually<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const value = await ask()
    if (value !== undefined) return value
    if (Date.now() > deadline) throw new Error(`it did not come\n${services.output()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

it('takes a point at the collector with a token of the api, and shows it to Grafana', async () => {
  const created = await fetch(`${services.url['api']}/api/v1/senders`, {
    method: 'POST',
    headers: { ...admin(), 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'telegraf', kind: 'http' }),
  })
  expect(created.status, services.output()).toBe(201)
  const sender = createdSenderSchema.parse(await created.json())
  expect(sender.url).toBe(services.url['collector'])
  const written = await fetch(`${sender.url}/write?db=warren`, {
    method: 'POST',
    headers: basic(sender.user, sender.secret),
    body: `cpu,host=a usage_idle=42.5 ${Date.now()}000000\n`,
  })
  expect(written.status).toBe(204)
  const series = await eventually(async () => {
    const answer = await fetch(`${services.url['api']}/gateway/influxdb/query?db=warren`, {
      method: 'POST',
      headers: grafana(),
      body: new URLSearchParams({ q: 'SELECT last("usage_idle") FROM "cpu" GROUP BY "host"' }),
    })
    const body = (await answer.json()) as {
      results: { series?: { tags: object; values: unknown[][] }[] }[]
    }
    return body.results[0]?.series
  })
  expect(series).toMatchObject([{ tags: { host: 'a' }, values: [[expect.anything(), 42.5]] }])
})

it('takes a record of an agent over AMQP, and shows it to Grafana', async () => {
  const agent = openBroker({ url: secretOf('warren/agent-amqp-url'), name: 'agent', log })
  const record = { '@timestamp': new Date().toISOString(), message: 'the quick brown fox' }
  await agent.publisher().publish({
    exchange: exchanges.logs,
    key: 'default.-.agent',
    body: Buffer.from(`${JSON.stringify(record)}\n`),
    contentType: contentTypes.ndjson,
  })
  await agent.close()
  const hit = await eventually(async () => {
    const answer = await fetch(`${services.url['api']}/gateway/elasticsearch/_msearch`, {
      method: 'POST',
      headers: { ...grafana(), 'content-type': 'application/x-ndjson' },
      body: `{"index":"logs-*","ignore_unavailable":true}\n${JSON.stringify({
        size: 5,
        query: { bool: { filter: [{ query_string: { query: 'fox' } }] } },
      })}\n`,
    })
    const { responses } = (await answer.json()) as {
      responses: { hits?: { hits: { _source: object }[] } }[]
    }
    return responses[0]?.hits?.hits[0]
  })
  expect(hit._source).toMatchObject({ message: 'the quick brown fox' })
})

it('shows every part green, in one place and at each service', async () => {
  const status = await eventually(async () => {
    const answer = await fetch(`${services.url['api']}/api/v1/status`, { headers: admin() })
    const { parts } = statusSchema.parse(await answer.json())
    return parts.every(({ state }) => state === 'green') ? parts : undefined
  })
  const names = status.map(({ part }) => part)
  for (const name of ['api', 'collector', 'analyzer', 'collector/broker', 'analyzer/broker'])
    expect(names).toContain(name)
  expect(names.filter((name) => name.startsWith('poller/')).length).toBeGreaterThan(3)
  for (const [name, url] of Object.entries(services.adminUrl)) {
    expect((await fetch(`${url}/readyz`)).status, name).toBe(200)
    expect(await (await fetch(`${url}/metrics`)).text(), name).toContain('process_cpu_seconds')
  }
})

it('prints no secret, and ends in order', async () => {
  expect(await services.stop()).toEqual({ poller: 0, collector: 0, analyzer: 0, api: 0 })
  for (const path of ['amqp-url', 'influxdb-password', 'admin-password', 'grafana-token'])
    expect(services.output()).not.toContain(secretOf(`warren/${path}`))
})
