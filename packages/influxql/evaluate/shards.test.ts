import { expect, test } from 'vitest'
import { parseQuery } from '../parse.ts'
import { createMemorySource } from '../testing.ts'
import { evaluateStatement } from './evaluate.ts'

/** A Sunday and the Monday after it: shards of InfluxDB are weeks. */
const sunday = Date.parse('2023-10-29T00:00:00Z') / 1000
const monday = sunday + 86_400
const at = (seconds: number) => `${seconds}000000000`

const source = createMemorySource([
  ...[0, 1, 2, 3].map((n) => `m,host=a v=${n},text="t" ${at(sunday + n)}`),
  ...[10, 11, 12].map((n) => `m,host=a v=${n} ${at(monday + n)}`),
  `m,host=b v=5 ${at(monday)}`,
  `early,rack=r w=1 ${at(sunday)}`,
])

async function ask(text: string) {
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('BUG: there is a statement')
  return evaluateStatement(statement, { source, nowNs: BigInt(at(monday + 3600)), epoch: 's' })
}

const rows = async (text: string) => (await ask(text)).series?.map(({ values }) => values)

test('an offset without a limit yields one row after it of each shard', async () => {
  expect(await rows(`SELECT v FROM m WHERE host = 'a' OFFSET 2`)).toEqual([
    [
      [sunday + 2, 2],
      [monday + 10, 10],
      [monday + 11, 11],
      [monday + 12, 12],
    ],
  ])
})

test('a type is refused where a shard has such a series, with or without a point in range', async () => {
  const within = (seconds: number) => `time >= ${seconds}s AND time < ${seconds + 60}s`
  const text = `SELECT mean(text) FROM m WHERE ${within(sunday + 3600)} GROUP BY time(1m)`
  expect((await ask(text)).error).toContain('unsupported mean iterator type')
  expect(await ask(text.replace('WHERE', `WHERE host = 'none' AND`))).toEqual({})
  expect(await ask(`${text}, host SOFFSET 2`)).toEqual({})
  expect((await ask(`SELECT w | 1 FROM early WHERE ${within(sunday)}`)).error).toContain(
    'type error',
  )
  expect(await ask(`SELECT w | 1 FROM early WHERE ${within(monday)}`)).toEqual({})
})

test('series are counted once a shard', async () => {
  expect(await rows('SHOW SERIES EXACT CARDINALITY FROM m')).toEqual([[[3]]])
  expect(await rows("SHOW SERIES EXACT CARDINALITY FROM m WHERE host = 'b'")).toEqual([[[1]]])
})

test('SHOW MEASUREMENTS asks all values of a tag', async () => {
  const of = (condition: string) => rows(`SHOW MEASUREMENTS WHERE ${condition}`)
  expect(await of("host != 'a'")).toBeUndefined()
  expect(await of("host != 'x'")).toEqual([[['m']]])
  expect(await of("host = 'b' OR rack =~ /r/")).toEqual([[['early'], ['m']]])
  expect(await of("host !~ /^[xy]$/ AND host = 'a'")).toEqual([[['m']]])
})

test('what one function reads before the range is not read by another', async () => {
  const range = `time >= ${sunday}s AND time < ${sunday + 4}s`
  const text = `SELECT derivative(max(v), 1s), cumulative_sum(max(v)) FROM m WHERE ${range} GROUP BY time(1s) fill(7) ORDER BY time DESC`
  expect(await rows(text)).toEqual([
    [
      [sunday + 3, -4, 3],
      [sunday + 2, -1, 5],
      [sunday + 1, -1, 6],
      [sunday, -1, 6],
    ],
  ])
})
