import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { freePort } from '@warren/test-servers/free-port'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { StatsD } from 'hot-shots'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { eventually } from './client.ts'
import { type Platform, startPlatform } from './platform.ts'
import { runProgram } from './senders/child.ts'
import { startCollectd } from './senders/collectd.ts'
import { type Rsyslog, startRsyslog } from './senders/rsyslog.ts'

const python = '/usr/bin/python3'
const patienceMs = 60_000

let platform: Platform
let folder: string
let ports: Record<'graphite' | 'tagged' | 'statsd' | 'syslog' | 'tls' | 'gelf', number>

beforeAll(async () => {
  folder = await makeTempDir('senders')
  const free = async () => freePort()
  ports = {
    ...{ graphite: await free(), tagged: await free(), statsd: await free() },
    ...{ syslog: await free(), tls: await free(), gelf: await free() },
  }
  const pem = (name: string) => join(folder, `${name}.pem`)
  await runProgram(
    [
      ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-nodes', '-days', '2', '-subj', '/CN=warren.test'],
      ...['-addext', 'subjectAltName=DNS:warren.test'],
      ...['-keyout', pem('key'), '-out', pem('cert')],
    ],
    '',
  )
  const listeners = [
    {
      ...{ type: 'graphite', port: ports.graphite, deployment: 'shop' },
      templates: ['host.measurement.field*'],
    },
    { type: 'graphite', port: ports.tagged },
    { type: 'statsd', port: ports.statsd, flushMs: 1_000 },
    { type: 'syslog', port: ports.syslog },
    { type: 'syslog', port: ports.tls, tls: { certFile: pem('cert'), keyFile: pem('key') } },
    { type: 'gelf', port: ports.gelf },
  ]
  platform = await startPlatform({
    env: { WARREN_COLLECTOR__LISTENERS: JSON.stringify(listeners) },
  })
})
afterAll(async () => {
  await platform?.close()
  await removeTempDir(folder)
})

type Source = Readonly<Record<string, unknown>>

/** The records that hold a word, once there are so many. */
async function find(word: string, count: number): Promise<readonly Source[] | undefined> {
  const query = { query_string: { analyze_wildcard: true, query: `"${word}"` } }
  const { hits } = await platform.client.search({
    size: 500,
    query: { bool: { filter: [query] } },
  })
  return hits.total.value >= count ? hits.hits.map(({ _source }) => _source) : undefined
}

const untilRecords = (word: string, count: number) =>
  eventually(() => find(word, count), patienceMs)

/** As RFC 3164 has it, in the zone of the listener. */
const stampOf = (time: Date): string => {
  const [, day = '', month = '', , clock = ''] = time.toUTCString().split(' ')
  return `${month} ${day.replace(/^0/, ' ')} ${clock}`
}

/** Says it until a record shows that the daemon forwards: it may not listen yet. */
const untilForwards = (rsyslog: Rsyslog, word: string) =>
  eventually(async () => {
    await rsyslog.say([`<28>${stampOf(new Date())} web-1 ready[1]: ready ${word}`])
    return find(`ready ${word}`, 1)
  }, patienceMs)

const untilValue = (statement: string): Promise<readonly unknown[]> =>
  eventually(async () => {
    const [series] = await platform.client.query(statement)
    return series?.values[0]
  }, patienceMs)

test("collectd's write_graphite reaches a listener, its dotted names cut by a template", async () => {
  const collectd = await startCollectd(
    join(folder, 'graphite'),
    `LoadPlugin write_graphite
<Plugin write_graphite>
  <Node "warren">
    Host "127.0.0.1"
    Port "${ports.graphite}"
    Protocol "tcp"
    StoreRates true
  </Node>
</Plugin>`,
  )
  onTestFinished(() => collectd.stop())
  await untilValue(
    `SELECT "load.shortterm" FROM "load" WHERE host = 'collectd-host' AND deployment = 'shop'`,
  )
  const [, used] = await untilValue(`SELECT "memory-used" FROM memory WHERE host = 'collectd-host'`)
  expect(used).toBeGreaterThan(1_000_000)
})

test("collectd's tagged names reach a listener over UDP as measurement and tags", async () => {
  const collectd = await startCollectd(
    join(folder, 'tagged'),
    `LoadPlugin write_graphite
<Plugin write_graphite>
  <Node "warren">
    Host "127.0.0.1"
    Port "${ports.tagged}"
    Protocol "udp"
    UseTags true
  </Node>
</Plugin>`,
  )
  onTestFinished(() => collectd.stop())
  const where = (tag: string) => `WHERE host = 'collectd-host' AND ${tag}`
  const load = `SELECT value FROM "load.load.shortterm" ${where("ds_name = 'shortterm'")}`
  expect((await untilValue(load))[1]).toBeGreaterThanOrEqual(0)
  const used = `SELECT value FROM "memory.memory" ${where("type_instance = 'used'")}`
  expect((await untilValue(used))[1]).toBeGreaterThan(1_000_000)
})

test("collectd's amqp plugin reaches the exchange itself in its format Graphite", async () => {
  const wish = { name: 'collectd', kind: 'amqp' }
  const sender = (await platform.client.post('/api/v1/senders', wish)) as Record<string, string>
  const { hostname, port } = new URL(sender['url'] ?? '')
  const collectd = await startCollectd(
    join(folder, 'amqp'),
    `LoadPlugin amqp
<Plugin amqp>
  <Publish "warren">
    Host "${hostname}"
    Port "${port}"
    VHost "/"
    User "${sender['user']}"
    Password "${sender['secret']}"
    Exchange "warren.metrics"
    RoutingKey "default.farm.collectd-host"
    Persistent true
    Format "Graphite"
    StoreRates true
  </Publish>
</Plugin>`,
  )
  onTestFinished(() => collectd.stop())
  await untilValue(
    `SELECT value FROM "collectd-host.load.load.shortterm" WHERE deployment = 'farm'`,
  )
})

test('hot-shots reaches a listener with tags, timers, sets and packed values', async () => {
  const client = new StatsD({
    ...{ host: '127.0.0.1', port: ports.statsd, prefix: 'shop.', globalTags: { env: 'prod' } },
    ...{ maxBufferSize: 1_000, bufferFlushInterval: 100 },
  })
  for (let at = 1; at <= 100; at += 1) {
    client.increment('orders', 2, { region: 'eu' })
    client.timing('latency', at)
    client.set('users', `user-${at % 10}`)
  }
  client.gauge('queue.depth', 7)
  client.event('deployed', 'not a metric')
  await new Promise<void>((resolve, reject) =>
    client.close((error) => (error === undefined || error === null ? resolve() : reject(error))),
  )
  const where = "WHERE env = 'prod'"
  const total = `SELECT sum(value) FROM shop_orders ${where} AND region = 'eu' AND metric_type = 'counter'`
  await eventually(
    async () => ((await untilValue(total))[1] === 200 ? true : undefined),
    patienceMs,
  )
  expect((await untilValue(`SELECT last(value) FROM shop_queue_depth ${where}`))[1]).toBe(7)
  const timer = 'SELECT sum("count"), max(upper), min(lower) FROM shop_latency'
  await eventually(async () => {
    const [, ...values] = await untilValue(timer)
    return JSON.stringify(values) === '[100,100,1]' ? true : undefined
  }, patienceMs)
  expect((await untilValue('SELECT max(value) FROM shop_users'))[1]).toBe(10)
})

const many = 100

test('rsyslog reaches a listener over UDP, and over TCP in both framings', async () => {
  const word = randomUUID()
  const rsyslog = await startRsyslog(
    join(folder, 'rsyslog'),
    `action(type="omfwd" target="127.0.0.1" port="${ports.syslog}" protocol="udp" template="RSYSLOG_TraditionalForwardFormat")
action(type="omfwd" target="127.0.0.1" port="${ports.syslog}" protocol="tcp" template="RSYSLOG_SyslogProtocol23Format")
action(type="omfwd" target="127.0.0.1" port="${ports.syslog}" protocol="tcp" TCP_Framing="octet-counted" template="RSYSLOG_ForwardFormat")`,
  )
  onTestFinished(() => rsyslog.stop())
  await untilForwards(rsyslog, word)
  const stamp = stampOf(new Date())
  await rsyslog.say(
    Array.from(
      { length: many },
      (_, at) => `<27>${stamp} web-1 pay[77]: number ${at} order ${word}`,
    ),
  )
  const orders = await untilRecords(`order ${word}`, 3 * many)
  expect(orders).toHaveLength(3 * many)
  for (const record of orders)
    expect(record).toMatchObject({
      ...{ 'host.name': 'web-1', 'service.name': 'pay', 'log.level': 'error' },
      'event.dataset': 'syslog',
    })
})

test('rsyslog reaches a listener over TLS', async () => {
  const word = randomUUID()
  const rsyslog = await startRsyslog(
    join(folder, 'rsyslog-tls'),
    `global(DefaultNetstreamDriverCAFile="${join(folder, 'cert.pem')}")
action(type="omfwd" target="127.0.0.1" port="${ports.tls}" protocol="tcp" StreamDriver="gtls" StreamDriverMode="1"
       StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="warren.test")`,
  )
  onTestFinished(() => rsyslog.stop())
  await untilForwards(rsyslog, word)
})

test("rsyslog's omelasticsearch reaches _bulk, each record once", async () => {
  const word = randomUUID()
  const wish = { name: 'rsyslog', kind: 'http' }
  const sender = (await platform.client.post('/api/v1/senders', wish)) as Record<string, string>
  const rsyslog = await startRsyslog(
    join(folder, 'rsyslog-bulk'),
    `module(load="omelasticsearch")
template(name="document" type="list" option.json="on") {
  constant(value="{\\"@timestamp\\":\\"") property(name="timereported" dateFormat="rfc3339")
  constant(value="\\",\\"message\\":\\"") property(name="msg")
  constant(value="\\",\\"host.name\\":\\"") property(name="hostname")
  constant(value="\\",\\"service.name\\":\\"") property(name="programname")
  constant(value="\\",\\"log.level\\":\\"") property(name="syslogseverity-text")
  constant(value="\\"}")
}
template(name="id" type="string" string="%uuid%")
action(type="omelasticsearch" server="${sender['url']}/elasticsearch" uid="rsyslog" pwd="${sender['secret']}"
       template="document" searchIndex="syslog" searchType="" bulkmode="on" dynbulkid="on" bulkid="id"
       writeoperation="create" errorfile="${join(folder, 'rsyslog-bulk', 'refused.json')}"
       queue.type="LinkedList" action.resumeRetryCount="-1" action.resumeInterval="1")`,
  )
  onTestFinished(() => rsyslog.stop())
  await untilForwards(rsyslog, word)
  const stamp = stampOf(new Date())
  const lines = Array.from({ length: many }, (_, at) => `"${at}" \\ ordered ${word}`)
  await rsyslog.say(lines.map((line) => `<27>${stamp} web-1 pay[77]: ${line}`))
  const records = await untilRecords(`ordered ${word}`, many)
  expect(new Set(records.map(({ message }) => String(message).trim()))).toEqual(new Set(lines))
  for (const record of records)
    expect(record).toMatchObject({
      ...{ 'host.name': 'web-1', 'service.name': 'pay', 'log.level': 'error' },
      'event.dataset': 'syslog',
    })
})

test('a push of Loki and a _bulk that are sent again are stored once', async () => {
  const word = randomUUID()
  const time = String(Date.now())
  const send = async (path: string, type: string, body: string) => {
    const pair = Buffer.from(`admin:${platform.password}`).toString('base64')
    const headers = { authorization: `Basic ${pair}`, 'content-type': type }
    const answer = await fetch(`${platform.url}${path}`, { method: 'POST', headers, body })
    expect([answer.ok, await answer.text()]).toEqual([true, expect.not.stringContaining('error"')])
  }
  const push = (text: string) => {
    const streams = [{ stream: { app: 'shop' }, values: [[`${time}000000`, text]] }]
    return send('/collect/loki/api/v1/push', 'application/json', JSON.stringify({ streams }))
  }
  const bulk = (text: string) => {
    const lines = [{ index: { _index: 'app', _id: word } }, { '@timestamp': time, message: text }]
    const body = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
    return send('/collect/elasticsearch/_bulk', 'application/x-ndjson', body)
  }
  for (let times = 0; times < 3; times += 1) {
    await push(`pushed ${word}`)
    await bulk(`indexed ${word}`)
  }
  await untilRecords(word, 2)
  // What comes after them shows that they have come.
  await push(`last ${word}`)
  await untilRecords(`last ${word}`, 1)
  const records = await untilRecords(word, 3)
  expect(records.map(({ message }) => message).toSorted()).toEqual(
    ['indexed', 'last', 'pushed'].map((name) => `${name} ${word}`),
  )
})

test.each(['udp', 'tcp'])('graypy reaches a listener over %s', async (transport) => {
  const word = randomUUID()
  // Incompressible, so that datagrams are chunked; without digits, which could be a card's.
  const large = Array.from({ length: 400 }, () =>
    randomBytes(20)
      .toString('hex')
      .replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? ''),
  ).join(' ')
  const messages = [`small ${word}`, `large ${word} ${large}`]
  const order = { transport, port: ports.gelf, messages }
  await runProgram(
    [python, join(import.meta.dirname, 'senders', 'graypy-sender.py')],
    JSON.stringify(order),
  )
  const records = await untilRecords(word, 2)
  expect(records.map(({ message }) => message).toSorted()).toEqual(messages.toSorted())
  for (const record of records)
    expect(record).toMatchObject({ 'log.level': 'error', 'event.dataset': 'gelf' })
  expect(JSON.stringify(records[0])).toContain('42')
})

test('all that was sent was taken', async () => {
  const status = (await platform.client.get('/api/v1/status')) as {
    parts: { part: string; state: string; reason: string | null }[]
  }
  const listeners = status.parts.filter(({ part }) => part.startsWith('collector/'))
  expect(listeners).toHaveLength(6)
  // An event of hot-shots is no metric, and is said to be left out.
  expect(
    listeners.filter(({ state }) => state !== 'green').map(({ part, reason }) => [part, reason]),
  ).toEqual([[`collector/statsd:${ports.statsd}`, 'left out lately: 1 unsupported']])
})
