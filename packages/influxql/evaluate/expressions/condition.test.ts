import { describe, expect, test } from 'vitest'
import { parseQuery } from '../../parse.ts'
import { createMemorySource } from '../../testing.ts'
import { evaluateStatement } from '../evaluate.ts'
import type { ScanRequest } from '../source.ts'

const source = createMemorySource([
  'm,host=a f=1,i=9223372036854775807i,s="x" 1000000000',
  'm,host=b f=30,i=-9223372036854775808i,s="y" 2000000000',
  'm,host=c f=50,i=-1i,s="z" 3000000000',
  'n,host=a f=2 1000000000',
])

// Every answer here is one of InfluxDB 1.6.7 to the same lines.
async function ask(text: string) {
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('no statement')
  return evaluateStatement(statement, { source, nowNs: 10_000_000_000n, epoch: 's' })
}

describe('the rows for which a condition holds', () => {
  test.each([
    ['f < now()', []],
    ['f != now()', []],
    ['host = now()', []],
    ['f > -1s', []],
    ['f * 1s > 0', []],
    ['time + 1h > 0', []],
    ['time + 1h > 0 OR f > 40', [3]],
    ['time > 9223372036854775807', [1, 2, 3]],
    ['(time) < 5 AND f > 20', [2, 3]],
    ['(time) != 5', 'invalid time comparison operator: !='],
    ['1 + 2', 'invalid condition expression: 3'],
    ['f > 2 AND 1 + 2', 'invalid condition expression: 3'],
    ["'a' = 'b'", []],
    ['1 = 1', [1, 2, 3]],
    ['(f) > 20', [2, 3]],
    ['i = 9223372036854775808', [2]],
    ['i != 9223372036854775808', [1, 3]],
    ['i < 9223372036854775808', [1, 2, 3]],
    ['i >= 9223372036854775808', []],
    ['18446744073709551615 = i', [3]],
    ['i * 18446744073709551615 = 1', [3]],
    ['i / 9223372036854775808 = 1', [2, 3]],
    ["_name = 'm'", [1, 2, 3]],
    ["_name != 'm'", []],
    ["_name =~ /^n/ OR host = 'b'", [2]],
  ])('%s', async (condition, times) => {
    const { series = [], error } = await ask(`SELECT f FROM m WHERE ${condition}`)
    expect(error ?? series.flatMap(({ values }) => values.map(([time]) => time))).toEqual(times)
  })
})

describe('the values that tags have wherever a condition holds', () => {
  test.each([
    [`host = 'a'`, { host: 'a' }],
    [`"host"::tag = 'a' AND (f > 1 AND region = 'eu')`, { host: 'a', region: 'eu' }],
    [`host = 'a' OR region = 'eu'`, {}],
    [`host = 'a' AND (region = 'eu' OR region = 'us')`, { host: 'a' }],
    [`host != 'a' AND region =~ /eu/`, {}],
    // Of a series without the tag, too.
    [`host = ''`, {}],
    [`s = 'x' AND host::field = 'a'`, {}],
    [`host = 'a' AND host = 'b'`, { host: 'b' }],
  ])('%s', async (condition, expected) => {
    const asked: ScanRequest[] = []
    const [statement] = parseQuery(`SELECT f FROM m WHERE ${condition}`)
    if (statement === undefined) throw new Error('no statement')
    const scan = (request: ScanRequest) => {
      asked.push(request)
      return source.scan(request)
    }
    await evaluateStatement(statement, {
      ...{ source: { ...source, scan }, nowNs: 10_000_000_000n, epoch: 's' },
    })
    expect(asked.map(({ equals }) => Object.fromEntries(equals ?? []))).toEqual([expected])
  })
})

describe('what is computed of literals', () => {
  const unsigned = 'with an integer and unsigned literal'
  test.each([
    ['log(f, 1s)', [[1, null]]],
    ['pow(f, 1s)', [[1, null]]],
    ['f * 1s', [[1, null]]],
    ['f + 9223372036854775808', [[1, 2 ** 63]]],
    [
      'i + 9223372036854775808',
      `type error: i::integer + 9223372036854775808: cannot use + ${unsigned}`,
    ],
    [
      'i / (9223372036854775808 + 1)',
      `type error: i::integer / 9223372036854775809: cannot use / ${unsigned}`,
    ],
    [
      '9223372036854775808 - sum(i)',
      `type error: 9223372036854775808 - sum(i::integer): cannot use - ${unsigned}`,
    ],
    [
      's + 9223372036854775808',
      'type error: s::string + 9223372036854775808: incompatible types: string and unsigned',
    ],
    [
      'i::unsigned + i',
      'type error: i::unsigned + i::integer: cannot use + between an integer and unsigned, an explicit cast is required',
    ],
  ])('%s', async (field, expected) => {
    const { series, error } = await ask(`SELECT ${field} FROM m LIMIT 1`)
    expect(error ?? series?.[0]?.values).toEqual(expected)
  })

  test('a function of literals gives the column no name', async () => {
    const { series } = await ask('SELECT pow(2, 3) + f FROM m LIMIT 1')
    expect(series?.[0]).toMatchObject({ columns: ['time', 'f'], values: [[1, 9]] })
  })
})

test.each(['0s', '-10s', '0s, 5s', '-10s, 3s', '0s, now()'])(
  'time(%s) is one window',
  async (time) => {
    const { series } = await ask(`SELECT count(f) FROM m WHERE time >= 1s GROUP BY time(${time})`)
    expect(series?.[0]?.values).toEqual([[1, 3]])
  },
)

test.each(['cumulative_sum', 'derivative', 'difference', 'elapsed'])(
  '%s of one window without end',
  async (name) => {
    const { series, error } = await ask(`SELECT ${name}(mean(f)) FROM m GROUP BY time(-10s)`)
    const expected = name === 'cumulative_sum' ? [[0, 27]] : undefined
    expect(error ?? series?.[0]?.values).toEqual(expected)
  },
)

test('an offset that is a moment counts from the first of January of year 1', async () => {
  const { series } = await ask(
    "SELECT count(f) FROM m WHERE time < 1w GROUP BY time(1w, '2000-01-01' + 1s) fill(none)",
  )
  // A Saturday is the sixth day of weeks from then on; the epoch was a Thursday.
  expect(series?.[0]?.values).toEqual([[-172799, 3]])
})

describe('SHOW', () => {
  test.each([
    ['MEASUREMENTS WHERE time > 0', "SHOW MEASUREMENTS doesn't support time in WHERE clause"],
    [
      "MEASUREMENTS WHERE host = 'a' AND (TIME > 0)",
      "SHOW MEASUREMENTS doesn't support time in WHERE clause",
    ],
    ["MEASUREMENTS WHERE _name = 'm'", [['m']]],
    ["MEASUREMENTS WHERE _name != 'm'", [['n']]],
    ["SERIES WHERE _name = 'n'", [['n,host=a']]],
    ['SERIES WHERE _name !~ /m/', [['n,host=a']]],
    ["SERIES WHERE 'n' = _name", [['n,host=a']]],
    ["SERIES WHERE _name::tag = 'n'", [['n,host=a']]],
    ["TAG VALUES WITH KEY = host WHERE _name = 'n'", [['host', 'a']]],
    ["TAG VALUES WITH KEY = host WHERE _name = 'm' AND host = 'b'", [['host', 'b']]],
    ["TAG KEYS WHERE _name = 'n'", [['host']]],
    ["SERIES EXACT CARDINALITY WHERE _name = 'm'", [[3]]],
    ["MEASUREMENT CARDINALITY WHERE _name = 'm'", [[1]]],
    ["TAG KEY CARDINALITY WHERE _name = 'm'", [[1]]],
  ])('%s', async (text, expected) => {
    const { series, error } = await ask(`SHOW ${text}`)
    expect(error ?? series?.flatMap(({ values }) => values)).toEqual(expected)
  })
})
