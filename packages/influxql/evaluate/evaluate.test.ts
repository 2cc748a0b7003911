import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseQuery } from '../parse.ts'
import { createMemorySource } from '../testing.ts'
import { type EvaluationOptions, evaluateStatement } from './evaluate.ts'

const minute = 60_000_000_000n
const nowNs = 10n * minute

const lines = [
  'cpu,tenant=x,host=a v=1,ok=true 60000000000',
  'cpu,tenant=x,host=a v=3 90000000000',
  'cpu,tenant=x,host=a v=8 240000000000',
  'cpu,tenant=x,host=b v=5,s="up" 60000000000',
  'cpu,tenant=y,host=c v=100 60000000000',
  'mem,tenant=y,host=c v=7 60000000000',
]

async function ask(text: string, more: Partial<EvaluationOptions> = {}) {
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('no statement')
  return evaluateStatement(statement, {
    source: createMemorySource(lines),
    nowNs,
    epoch: 's',
    hiddenTags: new Set(['tenant']),
    ...more,
  })
}

async function rows(text: string) {
  const { series, error } = await ask(text)
  return error ?? series?.map(({ values }) => values)
}

describe('buckets', () => {
  const where = "tenant::tag = 'x' AND host = 'a' AND time >= 0 AND time < 5m"

  test.each([
    ['fill(null)', [null, 2, null, null, 8]],
    ['fill(none)', [2, 8]],
    ['fill(7)', [7, 2, 7, 7, 8]],
    ['fill(previous)', [null, 2, 2, 2, 8]],
    ['fill(linear)', [null, 2, 4, 6, 8]],
  ])('%s', async (fill, expected) => {
    const answer = await rows(`SELECT mean(v) FROM cpu WHERE ${where} GROUP BY time(1m) ${fill}`)
    expect(answer).toEqual([expected.map((value) => [expect.any(Number), value])])
  })

  test('a count of nothing is 0 and the newest comes first when asked', async () => {
    const answer = await rows(
      `SELECT count(v) FROM cpu WHERE ${where} GROUP BY time(1m) ORDER BY time DESC LIMIT 2`,
    )
    expect(answer).toEqual([
      [
        [240, 1],
        [180, 0],
      ],
    ])
  })

  test('an offset moves the edges', async () => {
    const answer = await rows(
      `SELECT count(v) FROM cpu WHERE ${where} GROUP BY time(1m, 30s) fill(none)`,
    )
    expect(answer).toEqual([
      [
        [30, 1],
        [90, 1],
        [210, 1],
      ],
    ])
  })

  test('a time zone moves the edges of days', async () => {
    const { series } = await ask(
      "SELECT count(v) FROM cpu WHERE time >= 0 AND time < 5m GROUP BY time(1d) tz('Europe/Berlin')",
      { epoch: undefined },
    )
    expect(series?.[0]?.values).toEqual([['1970-01-01T00:00:00+01:00', 5]])
  })

  test('too many of them are refused', async () => {
    const { error } = await ask('SELECT mean(v) FROM cpu WHERE time >= 0 GROUP BY time(1ns)')
    expect(error).toBe('max-select-buckets limit exceeded: (600000000001/100000)')
  })

  test('a sum over series in any chunks is that of all points, in every bucket', async () => {
    const point = fc.record({ host: fc.constantFrom('a', 'b'), at: fc.nat(999), v: fc.nat(99) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(point, { minLength: 1 }),
        fc.integer({ min: 1, max: 300 }),
        async (points, size) => {
          const unique = [...new Map(points.map((one) => [`${one.host}${one.at}`, one])).values()]
          const source = createMemorySource(
            unique.map(({ host, at, v }) => `m,host=${host} v=${v} ${at}000000000`),
          )
          const ranged = `FROM m WHERE time >= 0 AND time < 1000s GROUP BY time(${size}s) fill(none)`
          const streamed = await ask(`SELECT sum(v) ${ranged}`, { source })
          // A condition on a field takes the other way through the evaluator.
          const joined = await ask(`SELECT sum(v) ${ranged.replace('GROUP', 'AND v >= 0 GROUP')}`, {
            source,
          })
          const expected = new Map<number, number>()
          for (const { at, v } of unique) {
            const bucket = Math.floor(at / size) * size
            expected.set(bucket, (expected.get(bucket) ?? 0) + v)
          }
          const sorted = [...expected].sort(([a], [b]) => a - b)
          expect(streamed.series?.[0]?.values).toEqual(sorted)
          expect(joined).toEqual(streamed)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('a hidden tag', () => {
  test.each([
    ["SELECT * FROM cpu WHERE tenant::tag = 'y'", [[[60, 'c', null, null, 100]]]],
    ["SELECT v, tenant FROM cpu WHERE tenant::tag = 'y'", [[[60, 100, null]]]],
    ["SELECT v FROM cpu WHERE tenant::tag = 'y' GROUP BY tenant", [[[60, 100]]]],
    ["SELECT last(v) FROM cpu WHERE tenant::tag = 'y' GROUP BY *", [[[60, 100]]]],
    ["SHOW TAG KEYS FROM mem WHERE tenant::tag = 'y'", [[['host']]]],
    ["SHOW SERIES WHERE tenant::tag = 'y'", [[['cpu,host=c'], ['mem,host=c']]]],
    ['SHOW TAG VALUES FROM mem WITH KEY =~ /./', [[['host', 'c']]]],
    ["SHOW MEASUREMENTS WHERE tenant::tag = 'x'", [[['cpu']]]],
  ])('%s', async (text, expected) => {
    const { series } = await ask(text)
    expect(series?.map(({ values }) => values)).toEqual(expected)
    expect(JSON.stringify(series?.map(({ tags }) => tags ?? {}))).not.toContain('tenant')
  })
})

test('SHOW TAG VALUES takes `value` for the value asked for', async () => {
  const ask = (condition: string) =>
    rows(`SHOW TAG VALUES FROM cpu WITH KEY = host WHERE ${condition}`)
  expect(await ask("value = 'a'")).toEqual([[['host', 'a']]])
  expect(await ask("tenant = 'x' AND (value = 'c' OR host = 'b')")).toEqual([[['host', 'b']]])
  expect(await ask("tenant = 'x' AND value !~ /a/ AND v > 1000")).toEqual([[['host', 'b']]])
})

describe('values', () => {
  test('of other types', async () => {
    expect(await rows('SELECT ok, s, v FROM cpu WHERE host =~ /^[ab]$/ AND time = 1m')).toEqual([
      [
        [60, true, null, 1],
        [60, null, 'up', 5],
      ],
    ])
  })

  test('of a condition on a field', async () => {
    expect(await rows("SELECT v FROM cpu WHERE v > 2 AND (host = 'a' OR ok = true)")).toEqual([
      [
        [90, 3],
        [240, 8],
      ],
    ])
  })

  test('division by zero is zero and no number is null', async () => {
    expect(await rows("SELECT v / 0, sqrt(-v), v % 2 FROM cpu WHERE host = 'b'")).toEqual([
      [[60, 0, null, 1]],
    ])
  })
})

describe('what is not answered says so', () => {
  test.each([
    ['SELECT mean(s) FROM cpu', 'unsupported mean iterator type'],
    ['SELECT v | 1 FROM cpu', 'type error: v::float | 1: incompatible types: float and integer'],
    ['DROP DATABASE x', 'DROP DATABASE is not supported'],
  ])('%s', async (text, reason) => {
    expect((await ask(text)).error).toContain(reason)
  })

  test('an aborted query rejects', async () => {
    const signal = AbortSignal.abort(new Error('gone'))
    await expect(ask('SELECT v FROM cpu', { signal })).rejects.toThrow('gone')
  })

  test('nothing found is an empty result', async () => {
    expect(await ask('SELECT v FROM nothing')).toEqual({})
  })
})

describe('integers', () => {
  const source = createMemorySource([
    'n,host=a v=9223372036854775807i 60000000000',
    'n,host=a v=2i 120000000000',
    'n,host=a v=-3i 180000000000',
  ])
  const of = async (text: string) => (await ask(text, { source })).series?.[0]?.values

  test('stay exact, wrap around as those of the store do, and have a float for a quotient', async () => {
    expect(await of('SELECT max(v), min(v), spread(v) FROM n')).toEqual([
      [0, 9223372036854775807n, -3, -9223372036854775806n],
    ])
    expect(await of('SELECT v + 1, v / 2, v % 2 FROM n')).toEqual([
      [60, -9223372036854775808n, 2 ** 62, 1],
      [120, 3, 1, 0],
      [180, -2, -1.5, -1],
    ])
    expect(await of('SELECT sum(v) FROM n WHERE time > 1m')).toEqual([[60, -1]])
  })

  test('are cast, and fill with integers', async () => {
    expect(await of('SELECT v::float FROM n WHERE v = 2')).toEqual([[120, 2]])
    expect(
      await of('SELECT first(v) FROM n WHERE time >= 2m AND time < 5m GROUP BY time(1m) fill(1.9)'),
    ).toEqual([
      [120, 2],
      [180, -3],
      [240, 1],
    ])
  })
})

describe('figures of technical analysis', () => {
  const source = createMemorySource(
    [1, 2, 4, 3, 5, 8, 6].map((value, at) => `p v=${value} ${at + 1}000000000`),
  )
  const of = async (text: string) =>
    (await ask(text, { source })).series?.[0]?.values.map(([, value]) => value)

  // By hand, from the formulas of the documentation.
  test.each([
    [
      'exponential_moving_average(v, 2)',
      [5 / 3, 29 / 9, 83 / 27, 353 / 81, 1649 / 243, 4565 / 729],
    ],
    [
      'exponential_moving_average(v, 2, 0, "simple")'.replaceAll('"', "'"),
      [1, 1.5, 19 / 6, 55 / 18, 235 / 54, 1099 / 162, 3043 / 486],
    ],
    ['chande_momentum_oscillator(v, 3)', [100, 50, 60, 200 / 3, 42.857142857142854]],
    ['kaufmans_efficiency_ratio(v, 2)', [1, 1 / 3, 1 / 3, 1, 0.2]],
  ])('%s', async (call, expected) => {
    const found = await of(`SELECT ${call} FROM p`)
    expect(found).toHaveLength(expected.length)
    for (const [at, value] of expected.entries()) expect(found?.[at]).toBeCloseTo(value, 10)
  })

  test('a sample is the same each time', async () => {
    const first = await of('SELECT sample(v, 3) FROM p')
    expect(first).toHaveLength(3)
    expect(await of('SELECT sample(v, 3) FROM p')).toEqual(first)
  })
})
