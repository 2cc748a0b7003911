import { expect, test } from 'vitest'
import {
  lineOf,
  newTenant,
  noon,
  type ReadContext,
  second,
} from './metric-store.context.contract.ts'

function sample(step: number, host: 'a' | 'b'): string {
  const isA = host === 'a'
  return lineOf({
    measurement: 'cpu',
    tags: { host, rack: isA ? 'r1' : 'r2' },
    fields: { v: step + (isA ? 0 : 100), up: step % 2 === 0 },
    timeNs: noon + BigInt(step) * 10n * second,
  })
}

const samples = [
  ...Array.from({ length: 12 }, (_, step) => [sample(step, 'a'), sample(step, 'b')]).flat(),
  lineOf({ measurement: 'mem', tags: {}, fields: { free: 1 }, timeNs: noon }),
]

/** Answers are InfluxDB's, to the letter. */
export function queries({ write, ask, series, rows }: ReadContext): void {
  const fill = async (): Promise<string> => {
    const tenant = newTenant()
    await write(tenant, ...samples)
    return tenant
  }
  const minutes = "time >= '2026-03-03T12:00:00Z' AND time < '2026-03-03T12:02:00Z'"

  test('a mean by time and tag', async () => {
    const tenant = await fill()
    expect(
      await series(tenant, `SELECT mean(v) FROM cpu WHERE ${minutes} GROUP BY time(1m), host`),
    ).toEqual([
      {
        name: 'cpu',
        tags: { host: 'a' },
        columns: ['time', 'mean'],
        values: [
          ['2026-03-03T12:00:00Z', 2.5],
          ['2026-03-03T12:01:00Z', 8.5],
        ],
      },
      {
        name: 'cpu',
        tags: { host: 'b' },
        columns: ['time', 'mean'],
        values: [
          ['2026-03-03T12:00:00Z', 102.5],
          ['2026-03-03T12:01:00Z', 108.5],
        ],
      },
    ])
  })

  test('several aggregates under a tag predicate', async () => {
    const tenant = await fill()
    expect(
      await rows(
        tenant,
        `SELECT max(v), min(v), count(v), sum(v) FROM cpu WHERE rack = 'r2' AND ${minutes}`,
      ),
    ).toEqual([['2026-03-03T12:00:00Z', 111, 100, 12, 1266]])
  })

  test('points with a limit, newest first', async () => {
    const tenant = await fill()
    expect(
      await rows(tenant, "SELECT v, up FROM cpu WHERE host = 'a' ORDER BY time DESC LIMIT 2"),
    ).toEqual([
      ['2026-03-03T12:01:50Z', 11, false],
      ['2026-03-03T12:01:40Z', 10, true],
    ])
  })

  test('several statements, one of them with an error of its own', async () => {
    const tenant = await fill()
    const results = await ask(
      tenant,
      'SELECT free FROM mem; SELECT mean(host) FROM nowhere; SELECT last(v) FROM cpu',
    )
    expect(results.map(({ statement_id }) => statement_id)).toEqual([0, 1, 2])
    expect(results[0]?.series?.[0]?.values).toEqual([['2026-03-03T12:00:00Z', 1]])
    expect(results[1]?.series).toBeUndefined()
    expect(results[2]?.series?.[0]?.columns).toEqual(['time', 'last'])
  })

  test('what there is: measurements, tags and fields', async () => {
    const tenant = await fill()
    expect(await rows(tenant, 'SHOW MEASUREMENTS')).toEqual([['cpu'], ['mem']])
    expect(await rows(tenant, 'SHOW TAG KEYS FROM cpu')).toEqual([['host'], ['rack']])
    expect(await rows(tenant, 'SHOW TAG VALUES FROM cpu WITH KEY = host')).toEqual([
      ['host', 'a'],
      ['host', 'b'],
    ])
    expect(await rows(tenant, 'SHOW FIELD KEYS FROM cpu')).toEqual([
      ['up', 'boolean'],
      ['v', 'float'],
    ])
  })
}
