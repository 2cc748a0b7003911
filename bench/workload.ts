import { createHash } from 'node:crypto'
import { type ContentEncoding, contentTypes } from '@warren/contracts/message'
import { toRoutingKey } from '@warren/contracts/routing-key'
import { tenantNames } from './tenants.ts'

/** A message ready to publish. */
export interface BenchMessage {
  readonly exchange: string
  readonly key: string
  readonly body: Buffer
  readonly contentType: string
  readonly contentEncoding?: ContentEncoding
  readonly items: number
}

const seriesCount = 5000

/** A repeatable stream of numbers in [0, 1): mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface RecordsOptions {
  readonly count: number
  readonly perMessage: number
  /** Messages of as many tenants take turns. */
  readonly tenants: number
}

export interface PointsOptions extends RecordsOptions {
  readonly names: number
  /** Of the first point; an hour ago unless said. */
  readonly startMs?: number
}

const keysOf = (tenants: number): readonly string[] =>
  tenantNames(tenants).map((tenant) => toRoutingKey(tenant, undefined, 'bench'))

const keyOf = (keys: readonly string[], { first, perMessage }: Position): string =>
  keys[(first / perMessage) % keys.length] ?? ''

interface Position {
  readonly first: number
  readonly perMessage: number
}

/** The point of every published figure: 3 tags, 2 fields (a random double, an integer), 90 to 100 bytes, 5,000 series. */
export function* pointMessages({
  count,
  perMessage,
  names,
  tenants,
  startMs = Date.now() - 3_600_000,
}: PointsOptions): Generator<BenchMessage> {
  const keys = keysOf(tenants)
  const random = randomFrom(1)
  for (let first = 0; first < count; first += perMessage) {
    const lines: string[] = []
    for (let number = first; number < Math.min(count, first + perMessage); number++) {
      const series = number % seriesCount
      const time = startMs + Math.floor(number / seriesCount) * 1000
      const name = names === 1 ? 'bench' : `bench${number % names}`
      lines.push(
        `${name},host=host-${series % 1000},region=eu-${series % 5},app=a${Math.floor(series / 1000)} usage=${random()},count=${number}i ${time}000000`,
      )
    }
    yield {
      exchange: 'warren.metrics',
      key: keyOf(keys, { first, perMessage }),
      body: Buffer.from(`${lines.join('\n')}\n`),
      contentType: contentTypes.lineProtocol,
      items: lines.length,
    }
  }
}

const words =
  'GET POST /api/orders /api/cart timeout refused 200 404 503 user session payment cache miss hit retry'.split(
    ' ',
  )

/** Log records of about 120 bytes of message, with host, service, level and file position. */
export function* recordMessages({
  count,
  perMessage,
  tenants,
}: RecordsOptions): Generator<BenchMessage> {
  const keys = keysOf(tenants)
  const random = randomFrom(2)
  const startMs = Date.now() - 3_600_000
  const word = () => words[Math.floor(random() * words.length)]
  for (let first = 0; first < count; first += perMessage) {
    const lines: string[] = []
    for (let number = first; number < Math.min(count, first + perMessage); number++) {
      const message = `request ${number} ${Array.from({ length: 14 }, word).join(' ')} took ${Math.floor(random() * 1000)} ms`
      lines.push(
        JSON.stringify({
          id: createHash('sha256').update(String(number)).digest('hex').slice(0, 32),
          '@timestamp': new Date(startMs + Math.floor(number / 100)).toISOString(),
          message,
          'log.level': number % 50 === 0 ? 'error' : 'info',
          'host.name': `host-${number % 50}`,
          'service.name': `service-${number % 7}`,
          'event.dataset': 'bench',
          'log.file.path': '/var/log/bench.log',
          'log.offset': number * 140,
        }),
      )
    }
    yield {
      exchange: 'warren.logs',
      key: keyOf(keys, { first, perMessage }),
      body: Buffer.from(`${lines.join('\n')}\n`),
      contentType: contentTypes.ndjson,
      items: lines.length,
    }
  }
}
