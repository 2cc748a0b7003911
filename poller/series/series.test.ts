import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hashSeries, seriesHash } from './series-hash.ts'
import { SeriesSet } from './series-set.ts'
import { createTenantSeries } from './tenant-series.ts'

const hashOf = (text: string): string => {
  const bytes = Buffer.from(`__${text}__`)
  hashSeries(bytes, 2, bytes.length - 2)
  return `${seriesHash.high} ${seriesHash.low}`
}

it('hashes the same series the same whatever the order of its tags, and others differently', () => {
  expect(hashOf('cpu,a=1,b=2')).toBe(hashOf('cpu,b=2,a=1'))
  const series = Array.from(
    { length: 200_000 },
    (_, index) => `cpu,host=h${index % 1000},core=${Math.floor(index / 1000)}`,
  )
  expect(new Set(series.map(hashOf)).size).toBe(series.length)
  const halves = series.slice(0, 1000).map((text) => hashOf(text).split(' '))
  expect(new Set(halves.map(([high]) => high)).size).toBe(1000)
  expect(new Set(halves.map(([, low]) => low)).size).toBe(1000)
})

it('remembers like a map, also after it grew and forgot', () => {
  const hash = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(hash, fc.nat(3000), fc.integer({ min: 1, max: 9 })), { maxLength: 3000 }),
      (seen) => {
        const set = new SeriesSet()
        const map = new Map<string, number>()
        for (const [high, low, day] of seen) {
          const before = map.get(`${high} ${low}`) ?? 0
          expect(set.touch(high, low, day)).toBe(before)
          if (before === 0) set.add(high, low, day)
          map.set(`${high} ${low}`, Math.max(before, day))
        }
        expect(set.size).toBe(map.size)
        set.forget(5)
        expect(set.size).toBe([...map.values()].filter((day) => day >= 5).length)
        for (const [key, day] of map) {
          const [high = 0, low = 0] = key.split(' ').map(Number)
          expect(set.touch(high, low, 9)).toBe(day >= 5 ? day : 0)
        }
      },
    ),
    { numRuns: 30 },
  )
})

function open(limit: number) {
  const series = createTenantSeries(() => 7)
  const admits = (text: string) => {
    const bytes = Buffer.from(`${text} v=1 7`)
    return series.admits(bytes, 0, bytes.length)
  }
  const on = (day: number) => series.set({ limit, day })
  on(100)
  return { series, admits, on }
}

it('lets known series flow at the limit, refuses new ones and names where they come from', () => {
  const { series, admits, on } = open(100)
  for (let host = 0; host < 100; host += 1) expect(admits(`cpu,host=h${host}`)).toBe(true)
  for (let id = 0; id < 50; id += 1)
    expect(admits(`http,host=h${id % 3},session\\ id=s${id}`)).toBe(false)
  for (let host = 0; host < 100; host += 1) expect(admits(`cpu,host=h${host}`)).toBe(true)
  expect(admits('cpu,host=h1,deployment=shop')).toBe(false)
  expect(series.reason).toBe(
    'the tenant has its limit of 100 series; most new values are those of the tag session id of the measurement http',
  )
  expect(series).toMatchObject({ size: 100, lastRefusedMs: 7 })
  on(101)
  expect(admits('cpu,host=h3')).toBe(true)
  series.forget(101)
  expect(series.size).toBe(1)
  expect(admits('http,session=new')).toBe(true)
})

it('hands over each series once a day, again when it could not be kept', () => {
  const { series, admits, on } = open(10)
  admits('a')
  admits('a')
  admits('b')
  const pairs = series.takePending()
  expect(pairs).toHaveLength(4)
  expect(series.takePending()).toEqual([])
  series.putBack(pairs)
  expect(series.takePending()).toEqual(pairs)
  on(101)
  admits('a')
  admits('a')
  expect(series.takePending()).toEqual(pairs.slice(0, 2))
  const other = open(2)
  other.series.recall(pairs[0] ?? 0, pairs[1] ?? 0, 99)
  expect(other.admits('a')).toBe(true)
  expect(other.admits('c')).toBe(true)
  expect(other.admits('d')).toBe(false)
})
