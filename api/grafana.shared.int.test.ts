import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  classOfRequest,
  classOfSearch,
  isMsearch,
  searchesOf,
} from '@warren/searchdsl/grafana-rows.testing'
import { idOf, toBatch } from '@warren/stores/logs/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing.ts'

interface Row {
  readonly id: string
  readonly mode: string
  readonly note: string
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const rowsOf = (name: string): Row[] => {
  const folder = join(String(process.env['WARREN_SHARED']), 'conformance/grafana')
  const lines = readFileSync(join(folder, `${name}.jsonl`), 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row)
}

/** The first minute that the captured dashboards show. */
const startMs = 1_785_542_400_000

let test: TestApi
let token: string

async function writeMetrics(): Promise<void> {
  const lines = Array.from({ length: 360 }, (_, minute) => {
    const ns = BigInt(startMs + minute * 60_000) * 1_000_000n
    return Buffer.from(
      `cpu,host=server${(minute % 2) + 1},datacenter=eu,tenant=default usage_user=${minute},usage_system=${minute / 2},value=1 ${ns}\n`,
    )
  })
  const starts = new Uint32Array(lines.length + 1)
  lines.forEach((line, at) => {
    starts[at + 1] = (starts[at] ?? 0) + line.length
  })
  const outcome = await test.metricStore.write({
    tenant: 'default',
    bytes: Buffer.concat(lines),
    starts,
  })
  expect(outcome.refused).toEqual([])
}

async function writeLogs(): Promise<void> {
  const records = Array.from({ length: 120 }, (_, minute) => ({
    id: idOf(`record ${minute}`),
    '@timestamp': new Date(startMs + minute * 60_000).toISOString(),
    message: `GET /index ${minute} failed`,
    'log.level': minute % 3 === 0 ? 'error' : 'info',
    'host.name': `server${(minute % 2) + 1}`,
  }))
  const outcome = await test.logStore.write(toBatch('default', records))
  expect(outcome.refused).toEqual([])
}

beforeAll(async () => {
  test = await openTestApi({ basePath: '/gw/team-a' })
  token = await test.tokenOf('viewer')
  await writeMetrics()
  await writeLogs()
})
afterAll(() => test.close())

function send(gateway: string, row: Row): Promise<Response> {
  const { authorization: _, ...headers } = row.headers
  const path = row.path.replace(/^\/gw\/team-a/, '')
  return test.fetch(`/gateway/${gateway}${path}${row.query === '' ? '' : `?${row.query}`}`, {
    method: row.method,
    headers: { ...headers, authorization: `Bearer ${token}` },
    ...(row.body === '' ? {} : { body: row.body }),
  })
}

describe('InfluxQL', () => {
  const isQuery = ({ path }: Row): boolean => path === '/query'
  /** As Grafana would send them with our database's name in the data source. */
  const toOurs = (row: Row): Row => ({
    ...row,
    query: row.query.replace(/(^|&)db=[^&]*/, '$1db=warren'),
  })

  function expectSeries(columns: readonly string[], values: readonly unknown[][]): void {
    for (const row of values) expect(row).toHaveLength(columns.length)
    if (columns[0] === 'time') for (const row of values) expect(row[0]).toBeTypeOf('number')
  }

  interface Result {
    readonly series?: { readonly columns: string[]; readonly values: unknown[][] }[]
  }

  function expectAnswer({ results: [result] }: { results: Result[] }): void {
    expect(result).toMatchObject({ statement_id: 0 })
    expect(result).not.toHaveProperty('error')
    for (const { columns, values } of result?.series ?? []) expectSeries(columns, values)
  }

  /** Undefined, or the reason that the panel shows. */
  async function check(row: Row): Promise<string | undefined> {
    const response = await send('influxdb', row)
    const text = await response.text()
    const body = JSON.parse(text)
    if (response.status === 200) {
      expectAnswer(body)
      return undefined
    }
    expect([400, 401, 403, 404, 405, 429, 501, 503]).toContain(response.status)
    const shown = row.path.startsWith('/api/v2/') ? body.message : body.error
    expect(shown).toBeTypeOf('string')
    expect(shown).not.toBe('')
    // The embedded store speaks no Flux.
    if (row.path === '/api/v2/query') expect(shown).toContain('choose InfluxQL in the data source')
    if (isQuery(row)) expect(text.startsWith('{"error":"')).toBe(true)
    return shown
  }

  const rows = rowsOf('influxdb')

  it.each(rows)('answers $id as sent: $note', async (row) => {
    await check(row)
  })

  it('answers all but the known refusals on our database', async () => {
    const refused: string[] = []
    for (const row of rows.filter(isQuery).map(toOurs)) {
      const reason = await check(row)
      if (reason !== undefined) refused.push(`${row.id} ${row.note}: ${reason}`)
    }
    // Writing statements, other databases, and text that InfluxDB refuses too.
    expect(refused.length, refused.join('\n')).toBeLessThanOrEqual(30)
  })
})

describe('Elasticsearch', () => {
  type Answer = Record<string, unknown> & { error?: Record<string, unknown> }
  const linesOf = ({ body }: Row): string[] => body.split('\n').filter((line) => line !== '')
  const toOurs = (row: Row): Row => ({
    ...row,
    body: row.body
      .split('\n')
      .map((line, at) =>
        at % 2 === 0 && line !== ''
          ? JSON.stringify({ ...JSON.parse(line), index: 'logs-*' })
          : line,
      )
      .join('\n'),
  })

  function expectRefusal(answer: Answer): void {
    const { error } = answer
    expect(answer['status']).toBeTypeOf('number')
    expect(error?.['type']).toBeTypeOf('string')
    expect(error?.['reason']).toMatch(/./)
    expect(error?.['root_cause']).toEqual([{ type: error?.['type'], reason: error?.['reason'] }])
  }

  function expectAnswer(answer: Answer, search: Record<string, object>): void {
    expect(answer).toMatchObject({
      status: 200,
      timed_out: false,
      hits: { hits: expect.any(Array) },
    })
    const wanted = Object.keys(search['aggs'] ?? {})
    expect(Object.keys(answer['aggregations'] ?? {}).sort()).toEqual(wanted.sort())
  }

  async function checkMsearch(row: Row): Promise<string[]> {
    const response = await send('elasticsearch', row)
    expect(response.status).toBe(200)
    const { responses } = (await response.json()) as { responses: Answer[] }
    const searches = linesOf(row).filter((_, at) => at % 2 === 1)
    expect(responses).toHaveLength(searches.length)
    return responses.flatMap((answer, at) => {
      if (answer.error === undefined) {
        expectAnswer(answer, JSON.parse(String(searches[at])))
        return []
      }
      expectRefusal(answer)
      return [`${row.id} ${row.note}: ${String(answer.error['reason'])}`]
    })
  }

  const rows = rowsOf('elasticsearch')

  it.each(rows.filter(isMsearch))('answers $id as sent: $note', async (row) => {
    await checkMsearch(row)
  })

  it.each(rows.filter((row) => !isMsearch(row)))('answers $id: $note', async (row) => {
    const response = await send('elasticsearch', row)
    const body = (await response.json()) as Answer
    expect(response.headers.get('x-elastic-product')).toBe('Elasticsearch')
    const expected = classOfRequest(row)
    if (expected.kind !== 'refused') {
      expect(response.status).toBe(200)
      return expect(body).not.toHaveProperty('error')
    }
    expect(response.status).toBe(expected.status)
    expectRefusal(body)
    expect(body.error?.['reason']).toMatch(expected.reason)
  })

  it('answers on our streams what the rules say', async () => {
    for (const row of rows.filter(isMsearch).map(toOurs)) {
      const refused = (await checkMsearch(row)).length
      const classes = searchesOf(row).map((text) => classOfSearch(JSON.parse(text)))
      expect(refused, row.id).toBe(classes.filter(({ kind }) => kind === 'refused').length)
    }
  })
})
