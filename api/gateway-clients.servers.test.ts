import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { createLog } from '@warren/platform/log'
import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApi, startApi } from './serve.ts'
import { apiSettingsSchema } from './settings.ts'
import { openTestApi, type TestApi } from './testing.ts'

const atNs = 1_772_582_400_000_000_000n
const second = 1_000_000_000n
const lines = [
  `cpu,host=a,k\\ v=x\\,y usage=1.5,n=9007199254740993i,note="say \\"so\\", <b>" ${atNs}`,
  `cpu,host=a,k\\ v=x\\,y usage=-0,ok=true ${atNs + second}`,
  `cpu,host=b usage=1e21,n=-1i,note=" two\nlines" ${atNs}`,
  `mem free=0.00000015 ${atNs + 5n}`,
  `odd,\\=\\ x=1 a\\,b=100 ${atNs}`,
]

let server: TestServer
let external: MetricStore
let test: TestApi
let beforeServer: RunningApi
let token: string
const gateways = ['embedded', 'influxdb'] as const
type Gateway = (typeof gateways)[number]

const urlOf = (gateway: Gateway): string =>
  gateway === 'embedded' ? test.api.url : beforeServer.url

const post = (path: string, body: string | URLSearchParams) =>
  fetch(`${server.url}${path}`, { method: 'POST', body })

function toBatch(stamped: readonly string[]) {
  const encoded = stamped.map((line) => Buffer.from(`${line}\n`))
  const starts = new Uint32Array(encoded.length + 1)
  for (const [at, line] of encoded.entries()) starts[at + 1] = (starts[at] ?? 0) + line.length
  return { tenant: 'default', bytes: new Uint8Array(Buffer.concat(encoded)), starts }
}

/** Where the key ends: at the first space that is not escaped. */
const stamped = (line: string) => line.replace(/^((?:\\.|[^\\ ])*) /, '$1,tenant=default ')

beforeAll(async () => {
  server = await startInfluxdb()
  external = await openInflux1(server.url)
  test = await openTestApi()
  token = await test.tokenOf('viewer')
  beforeServer = await startApi({
    ...{ catalog: test.catalog, logStore: test.logStore, metricStore: external },
    ...{ parts: () => [], settings: apiSettingsSchema.parse({ port: 0 }), version: '0.0.0' },
    ...{ consoleDir: undefined, metrics: new Registry() },
    log: createLog({ service: 'api', level: 'error', pretty: false }),
  })
  await post('/query', new URLSearchParams({ q: 'CREATE DATABASE warren' }))
  expect((await post('/write?db=warren', lines.join('\n'))).status).toBe(204)
  for (const store of [test.metricStore, external]) {
    const { refused } = await store.write(toBatch(lines.map(stamped)))
    expect(refused).toEqual([])
  }
})
afterAll(async () => {
  await beforeServer?.close()
  await test?.close()
  await external?.close()
  await server?.close()
})

interface Asked {
  readonly accept?: string
  readonly parameters: Readonly<Record<string, string>>
}

async function read(response: Response) {
  return { type: response.headers.get('content-type'), text: await response.text() }
}

const headersOf = (accept: string | undefined) => (accept === undefined ? {} : { accept })

async function direct({ accept, parameters }: Asked) {
  const search = new URLSearchParams({ db: 'warren', ...parameters })
  return read(await fetch(`${server.url}/query?${search}`, { headers: headersOf(accept) }))
}

async function through(gateway: Gateway, { accept, parameters }: Asked) {
  const search = new URLSearchParams({ db: 'warren', ...parameters })
  const headers = { authorization: `Bearer ${token}`, ...headersOf(accept) }
  return read(await fetch(`${urlOf(gateway)}/gateway/influxdb/query?${search}`, { headers }))
}

/** An error of the gateway says which request it is of. */
const withoutId = (text: string): string => text.replace(/ \(request [\w-]+\)/g, '')

describe.each(gateways)('through the gateway to the %s store', (gateway) => {
  it.each([
    { q: 'SELECT * FROM cpu' },
    { q: 'SELECT * FROM cpu GROUP BY *', epoch: 'ms' },
    { q: 'SELECT usage FROM cpu GROUP BY nosuch, host', epoch: 's', pretty: 'true' },
    { q: 'SELECT * FROM /./' },
    { q: 'SELECT * FROM odd GROUP BY *; SELECT free FROM nosuch; SELECT free FROM mem' },
    {
      q: 'SELECT count(n), mean(usage) FROM cpu GROUP BY host; SHOW MEASUREMENTS; SHOW TAG KEYS',
      epoch: 'h',
    },
    { q: 'SHOW SERIES; SHOW FIELD KEYS' },
    { q: 'SELECT nothing FROM nosuch' },
    { q: 'SELECT nonsense' },
  ])('answers %j in CSV as InfluxDB does', async (parameters) => {
    const [asked, again] = [
      { accept: 'application/csv', parameters },
      { accept: 'text/csv', parameters },
    ]
    const expected = await direct(asked)
    const answer = await through(gateway, asked)
    expect(withoutId(answer.text)).toBe(expected.text)
    expect(answer.type).toMatch(/^application\/csv/)
    // 1.6 says so whatever was asked for, 1.8 what was.
    expect(expected.type).toBe('text/csv')
    const other = await through(gateway, again)
    expect([withoutId(other.text), other.type]).toEqual([
      expected.text,
      expect.stringMatching(/^text\/csv/),
    ])
  })

  it.each([
    ['-database', 'warren', '-execute', "SELECT usage, note FROM cpu WHERE host = 'a'"],
    ['-database', 'warren', '-precision', 'rfc3339', '-execute', 'SELECT * FROM cpu GROUP BY host'],
    ['-database', 'warren', '-format', 'csv', '-precision', 'ms', '-execute', 'SELECT * FROM /./'],
    [
      '-database',
      'warren',
      '-format',
      'json',
      '-pretty',
      '-execute',
      'SHOW SERIES; SELECT * FROM mem',
    ],
    ['-execute', 'USE warren\nprecision s\nformat csv\nSELECT free FROM mem\nSELECT x FROM nosuch'],
    ['-execute', 'USE nosuch'],
    ['-database', 'warren', '-execute', 'SELECT nonsense'],
  ])('is what it is for the command line with %j', async (...options) => {
    const [expected, answer] = [await influx(server.url, options), await asReader(gateway, options)]
    expect(withoutId(answer)).toBe(expected)
  })

  it('shows the command line the one database, and refuses what changes it', async () => {
    expect(await asReader(gateway, ['-execute', 'SHOW DATABASES'])).toBe(
      'name: databases\nname\n----\nwarren',
    )
    const refused = await asReader(gateway, [
      '-database',
      'warren',
      '-execute',
      'DROP SERIES FROM cpu',
    ])
    expect(refused).toContain("not authorized to execute statement 'DROP SERIES'")
    expect(await asReader(gateway, ['-execute', 'SHOW SERIES'])).toContain('database name required')
  })

  // A client asks for pieces by default; each is a document of its own, with one or more series.
  it.each([
    { q: 'SELECT * FROM cpu GROUP BY host; SELECT * FROM mem', epoch: 'ns' },
    { q: 'SELECT * FROM cpu', epoch: 'ms', chunk_size: '1' },
  ])('answers %j in one piece that says what the pieces of InfluxDB say', async (parameters) => {
    const asked = { parameters: { ...parameters, chunked: 'true' } }
    const pieces = (await direct(asked)).text.trimEnd().split('\n')
    const [whole, ...more] = (await through(gateway, asked)).text.trimEnd().split('\n')
    expect([more, pieces.length > 1]).toEqual([[], true])
    expect(rowsOf([whole ?? ''])).toEqual(rowsOf(pieces))
  })
})

interface Piece {
  readonly results: readonly {
    readonly statement_id: number
    readonly series?: readonly { readonly tags?: object; readonly values: readonly unknown[] }[]
  }[]
}

/** Each row with what tells where it belongs. */
const rowsOf = (pieces: readonly string[]) =>
  pieces
    .flatMap((piece) => (JSON.parse(piece) as Piece).results)
    .flatMap(({ statement_id, series = [] }) =>
      series.flatMap(({ values, ...rest }) =>
        values.map((row) => ({ statement_id, ...rest, partial: undefined, row })),
      ),
    )

const asReader = (gateway: Gateway, options: readonly string[]) =>
  influx(urlOf(gateway), ['-username', 'reader', '-password', token, ...options])

/** What the program prints, its errors after the rest. */
async function influx(url: string, options: readonly string[]): Promise<string> {
  const { port } = new URL(url)
  const child = spawn('influx', ['-host', '127.0.0.1', '-port', port, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)])
  return (out + error).trim()
}
