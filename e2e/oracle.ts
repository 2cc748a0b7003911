import { createHash } from 'node:crypto'
import { contentTypes } from '@warren/contracts/message'
import type { Client } from './client.ts'
import type { Message } from './publisher.ts'

export interface Numbered {
  readonly name: string
  readonly count: number
  readonly perMessage: number
  /** The number of the first item sent; 0 unless said. Counting starts at 0 all the same. */
  readonly first?: number
  /** Of records: where they are kept. The name unless said. */
  readonly dataset?: string
}

const key = 'default.-.oracle'
const seriesCount = 100
const partOf = (number: number): string => `s${number % seriesCount}`
/** Milliseconds; unique within a series. */
export const timeOfPoint = (number: number, startMs: number): number =>
  startMs + Math.floor(number / seriesCount)

function* chunks({ count, perMessage, first = 0 }: Numbered): Generator<number[]> {
  for (let at = first; at < first + count; at += perMessage)
    yield Array.from({ length: Math.min(perMessage, first + count - at) }, (_, index) => at + index)
}

/** The points of a measurement, by number: the field is the number itself, the time is unique within its series. */
export function numberedPoints(numbered: Numbered, startMs: number): Message[] {
  return [...chunks(numbered)].map((numbers) => {
    const lines = numbers.map((number) => {
      const timeNs = BigInt(timeOfPoint(number, startMs)) * 1_000_000n
      return `${numbered.name},part=${partOf(number)} n=${number}i ${timeNs}`
    })
    return {
      exchange: 'warren.metrics',
      key,
      body: Buffer.from(`${lines.join('\n')}\n`),
      options: {
        contentType: contentTypes.lineProtocol,
        messageId: `${numbered.name}-${numbers[0]}-${numbers.length}`,
      },
    }
  })
}

const idOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** The records of a dataset, by number, each with an id of its own. */
export function numberedRecords(numbered: Numbered, startMs: number): Message[] {
  return [...chunks(numbered)].map((numbers) => {
    const lines = numbers.map((number) =>
      JSON.stringify({
        id: idOf(`${numbered.name} ${number}`),
        '@timestamp': new Date(startMs + number).toISOString(),
        message: `record ${number} of ${numbered.name}`,
        'event.dataset': numbered.dataset ?? numbered.name,
        attributes: { n: number },
      }),
    )
    return {
      exchange: 'warren.logs',
      key,
      body: Buffer.from(`${lines.join('\n')}\n`),
      options: {
        contentType: contentTypes.ndjson,
        messageId: `${numbered.name}-${numbers[0]}-${numbers.length}`,
      },
    }
  })
}

export interface Count {
  readonly stored: number
  readonly lost: number
  readonly doubled: number
}

/** Reads every point back and compares with what was sent; one in another series than its own, or at another time where those are said, counts as a double. */
export async function countPoints(
  client: Pick<Client, 'query'>,
  { name, count }: Numbered,
  timeMsOf?: (number: number) => number,
): Promise<Count> {
  const seen = new Uint8Array(count)
  let doubled = 0
  const isAtItsTime = (number: number, timeNs: unknown): boolean =>
    timeMsOf === undefined || Math.round(Number(timeNs) / 1e6) === timeMsOf(number)
  const series = await client.query(`SELECT n FROM ${name} GROUP BY part`)
  for (const { tags, values } of series) {
    for (const [time, value] of values) {
      const number = Number(value)
      const isOwn = tags?.['part'] === partOf(number) && isAtItsTime(number, time)
      if (seen[number] !== 0 || !isOwn) doubled++
      else seen[number] = 1
    }
  }
  const stored = seen.reduce((sum, one) => sum + one, 0)
  return { stored, lost: count - stored, doubled }
}

const pageSize = 10_000

/** Pages through every record and compares with what was sent. */
export async function countRecords(
  client: Pick<Client, 'search'>,
  { name, count, dataset = name }: Numbered,
  startMs: number,
): Promise<Count> {
  const seen = new Uint8Array(count)
  let doubled = 0
  for (let first = 0; first < count; first += pageSize) {
    const { hits } = await client.search({
      size: pageSize,
      query: {
        bool: {
          filter: [
            {
              range: {
                '@timestamp': {
                  gte: startMs + first,
                  lt: startMs + first + pageSize,
                  format: 'epoch_millis',
                },
              },
            },
            { query_string: { analyze_wildcard: true, query: `event.dataset:${dataset}` } },
          ],
        },
      },
    })
    for (const { _source } of hits.hits) {
      const { n } = _source['attributes'] as { n: number }
      if (seen[n] !== 0) doubled++
      seen[n] = 1
    }
  }
  const stored = seen.reduce((sum, one) => sum + one, 0)
  return { stored, lost: count - stored, doubled }
}
