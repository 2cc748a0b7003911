import { printStatement } from '@warren/influxql/print'
import type { Statement } from '@warren/influxql/tree'
import { expect, it, vi } from 'vitest'
import { type AskForSeries, TenantSeries } from './tenant-series.ts'
import { toWanted, type WantedSeries } from './wanted-series.ts'

const nowMs = Date.parse('2026-07-15T10:30:00Z')

const ofHost = (host: string): WantedSeries =>
  toWanted(
    { kind: 'measurement', name: 'cpu' },
    {
      kind: 'binary',
      op: '=',
      left: { kind: 'reference', name: 'host' },
      right: { kind: 'string', value: host },
    },
  )

const keys = { statement_id: 0, series: [{ columns: ['fieldKey'], values: [['usage_last']] }] }
const three = { statement_id: 0, series: [{ columns: ['time', 'count'], values: [[0, 3]] }] }
const isOfKeys = ({ kind }: Statement): boolean => kind === 'show field keys'
const ask: AskForSeries = async (statement) => (isOfKeys(statement) ? keys : three)

const open = (ask: AskForSeries, now: () => number) =>
  new TenantSeries({ ask, now, inTurn: (run) => run() })

const untilCounted = (series: TenantSeries) => vi.waitFor(() => expect(series.waiting).toBe(0))

/** Wants each, a hundred at a time. */
async function countEach(series: TenantSeries, wanted: readonly WantedSeries[]): Promise<void> {
  for (let at = 0; at < wanted.length; at += 100) {
    series.want(wanted.slice(at, at + 100))
    await untilCounted(series)
  }
}

const hosts = (count: number) => Array.from({ length: count }, (_, at) => ofHost(`h${at}`))

it('asks for the last full hour of which there are rollups, by tags', async () => {
  const asked: string[] = []
  const series = open(
    (statement) => {
      asked.push(printStatement(statement))
      return ask(statement)
    },
    () => nowMs,
  )
  series.want([ofHost('a')])
  await untilCounted(series)
  expect(series.countOf(ofHost('a'))).toBe(3)
  expect(asked[1]).toMatch(/^SELECT count\(usage_last\) FROM "1h"\.cpu WHERE .*host = 'a'/)
  const fromNs = BigInt(Date.parse('2026-07-15T09:00:00Z')) * 1_000_000n
  expect(asked[1]).toContain(`time >= ${fromNs} AND`)
})

it('knows five thousand, and lets go of those that were counted first', async () => {
  const series = open(ask, () => nowMs)
  const wanted = hosts(5001)
  await countEach(series, wanted)
  const unknown = wanted.filter((each) => series.countOf(each) === undefined)
  expect(unknown).toEqual([ofHost('h0')])
})

it('lets a hundred wait, and two million characters', () => {
  const hung: AskForSeries = () => new Promise(() => undefined)
  const many = open(hung, () => nowMs)
  many.want(hosts(101))
  expect(many.waiting).toBe(100)
  const long = open(hung, () => nowMs)
  long.want(['a', 'b', 'c'].map((letter) => ofHost(letter.repeat(900_000))))
  expect(long.waiting).toBe(2)
  long.want([ofHost('short')])
  expect(long.waiting).toBe(3)
})

it('counts what is wanted at any moment while another is counted, its last step too', async () => {
  for (let turns = 0; turns < 30; turns++) {
    const series = open(ask, () => nowMs)
    series.want([ofHost('a')])
    for (let turn = 0; turn < turns; turn++) await undefined
    series.want([ofHost('b')])
    await untilCounted(series)
    expect(series.countOf(ofHost('b'))).toBe(3)
  }
})

it('is fresh for ten minutes, a minute where nothing was found, and known for an hour', async () => {
  let clockMs = nowMs
  const series = open(ask, () => clockMs)
  const empty = open(
    async () => ({ statement_id: 0 }),
    () => clockMs,
  )
  const wanted = ofHost('a')
  await countEach(series, [wanted])
  await countEach(empty, [wanted])
  const seen = [60_000, 60_001, 600_000, 600_001, 3_600_000, 3_600_001].map((age) => {
    clockMs = nowMs + age
    return [empty.isFresh(wanted), series.isFresh(wanted), series.countOf(wanted)]
  })
  expect(seen).toEqual([
    [true, true, 3],
    [false, true, 3],
    [false, true, 3],
    [false, false, 3],
    [false, false, 3],
    [false, false, undefined],
  ])
  expect(series.isForgotten).toBe(true)
})

const failures: Record<string, AskForSeries> = {
  'does not answer': () => Promise.reject(new Error('down')),
  'says an error instead of keys': async () => ({ statement_id: 0, error: 'timeout' }),
  'says an error instead of a count': async (statement) =>
    isOfKeys(statement) ? keys : { statement_id: 0, error: 'max-select-series limit exceeded' },
}

it.each(Object.entries(failures))('keeps what it knew where the store %s', async (_, failing) => {
  let [clockMs, current] = [nowMs, ask]
  const series = open(
    (statement) => current(statement),
    () => clockMs,
  )
  await countEach(series, [ofHost('a')])
  current = failing
  clockMs += 700_000
  await countEach(series, [ofHost('a'), ofHost('b')])
  expect([series.countOf(ofHost('a')), series.countOf(ofHost('b'))]).toEqual([3, undefined])
  expect(series.isFresh(ofHost('a'))).toBe(true)
})

it('is not fresh for longer where the clock is set back', async () => {
  let clockMs = nowMs
  const series = open(ask, () => clockMs)
  await countEach(series, [ofHost('a')])
  clockMs -= 86_400_000
  expect([series.isFresh(ofHost('a')), series.isForgotten]).toEqual([false, true])
})
