import { describe, expect, it } from 'vitest'
import { costOfFlux } from './cost.ts'
import { FluxError } from './flux-error.ts'
import { parseFlux } from './parse.ts'

const nowMs = Date.parse('2026-08-01T12:00:00Z')
const cost = (text: string): number => costOfFlux(parseFlux(text), { nowMs })

const from = 'from(bucket: "warren")'
const one = '|> filter(fn: (r) => r._measurement == "cpu" and r["_field"] == "v")'
const over = (range: string): number => cost(`${from} |> range(${range}) ${one}`)
const year = over('start: -1y')

/** As many units beside those that the text's length is. */
const about = (expected: number) => (units: number) =>
  Math.abs(units - expected) <= 0.05 + expected / 100

describe('a range', () => {
  it.each([
    ['start: -10h'],
    ['start: 2026-08-01T02:00:00Z'],
    ['start: 2026-08-01T00:00:00Z, stop: 2026-08-01T10:00:00Z'],
    ['start: -20h, stop: -10h'],
    ['start: (-600m), stop: now()'],
    [`start: ${nowMs / 1000 - 36_000}`],
    ['start: date.sub(d: 10h, from: now())'],
    ['start: date.sub(d: 8h, from: date.truncate(t: -1h, unit: 1h))'],
    ['start: date.add(d: -10h, to: now())'],
  ])('%s costs what ten hours do', (range) => {
    const units = cost(`import "date"\n${from} |> range(${range}) ${one}`)
    // 3,601 values read and as many answered.
    expect(units).toSatisfy(about(1.72))
  })

  it('costs more the longer it is, up to a year', () => {
    const units = ['1h', '1d', '1w', '1mo', '1y'].map((length) => over(`start: -${length}`))
    expect(units).toEqual(units.toSorted((a, b) => a - b))
    expect(new Set(units).size).toBe(units.length)
    expect(units[0]).toSatisfy(about(1.07))
    expect(over('start: 0')).toSatisfy(about(year))
  })

  it.each([
    ['is computed', `${from} |> range(start: duration(v: "1h")) ${one}`],
    ['is not there', `${from} ${one}`],
    ['is a parameter', `f = (s) => ${from} |> range(start: s) ${one}\nf(s: -1h)`],
    [
      'is a variable that is a parameter elsewhere',
      `s = -1h\nf = (s) => s\n${from} |> range(start: s) ${one}`,
    ],
    ['is given within a function', `f = (t=<-) => t |> range(start: -1h)\n${from} |> f() ${one}`],
    [
      'depends on a clock that the program computes',
      `option now = () => time(v: "2026-08-01")\n${from} |> range(start: -1h) ${one}`,
    ],
    [
      'depends on a clock of its own',
      `now = () => 2000-01-01T00:00:00Z\n${from} |> range(start: now()) ${one}`,
    ],
  ])('costs at least as a year where it %s', (_, text) => {
    expect(cost(text)).toBeGreaterThan(year * 0.99)
  })

  it('may be a variable, and follows the clock that the program sets', () => {
    expect(cost(`s = -10h\n${from} |> range(start: s) ${one}`)).toSatisfy(about(1.72))
    const clock = 'option now = () => 2000-01-01T10:00:00Z'
    const units = cost(`${clock}\n${from} |> range(start: 2000-01-01T00:00:00Z) ${one}`)
    expect(units).toSatisfy(about(1.72))
  })

  it('begins at midnight with today()', () => {
    expect(over('start: today()')).toSatisfy(about(over('start: -1d')))
  })
})

describe('a source', () => {
  const ranged = `${from} |> range(start: -1d)`
  const beside = (text: string): number => cost(`${ranged} ${text}`) - 1

  it('is as broad as its filters leave it', () => {
    const all = beside('')
    const v = '|> filter(fn: (r) => r._field == "v")'
    const vOrHost = '|> filter(fn: (r) => r._field == "v" or r.host == "a")'
    const vOrW = '|> filter(fn: (r) => r._field == "v" or r._field == "w")'
    expect(beside(v)).toSatisfy(about(all / 10))
    expect(beside(vOrHost)).toSatisfy(about(all))
    expect(beside(vOrW)).toSatisfy(about(all / 5))
    expect(beside(one)).toSatisfy(about(all / 100))
    expect(beside(`|> set(key: "_field", value: "v") ${v}`)).toSatisfy(about(all))
  })

  it('costs what it answers: windows, one row of each series, or so many', () => {
    const raw = beside(one)
    const window = (every: string) => beside(`${one} |> aggregateWindow(every: ${every}, fn: mean)`)
    expect(window('1h')).toBeLessThan(raw)
    expect(window('1s')).toBeGreaterThan(window('1m'))
    expect(window('1ns')).toBeGreaterThan(50_000)
    expect(beside(`${one} |> mean()`)).toBeLessThan(raw)
    expect(beside(`${one} |> limit(n: 5)`)).toSatisfy(about(raw / 2))
  })

  it('costs more with each function and regex', () => {
    expect(beside(`${one} |> map(fn: (r) => r) |> difference()`)).toBeGreaterThan(
      beside(`${one} |> map(fn: (r) => r)`),
    )
    const regex = '|> filter(fn: (r) => r.host =~ /a/)'
    expect(beside(regex)).toBeGreaterThan(beside(''))
  })

  it('costs as often as it is read, and not where nobody reads it', () => {
    const once = beside(one)
    const a = `a = ${ranged} ${one}`
    expect(cost(`${a}\na`) - 1).toSatisfy(about(once))
    expect(cost(`${a}\na |> limit(n: 10000000)`) - 1).toSatisfy(about(once))
    expect(cost(`${a}\na\na`) - 1).toSatisfy(about(2 * once))
    expect(cost(`${a}\njoin(tables: {a, b: a}, on: ["_time"])`) - 1).toSatisfy(about(2 * once))
    expect(cost(`${a} |> yield()`) - 1).toSatisfy(about(once))
    expect(cost(`f = () => { ${a}\nreturn a }\nf()`) - 1).toSatisfy(about(once))
    expect(cost(`a = ${from}\na |> range(start: -1d) ${one}`) - 1).toSatisfy(about(once))
  })
})

it('lists of names cost little, and what reads nothing the least', () => {
  const schema = 'import s "influxdata/influxdb/schema"\n'
  expect(cost(`${schema}s.tagValues(bucket: "warren", tag: "host")`)).toBeLessThan(2)
  expect(cost(`${schema}s.tagValues(bucket: "warren", tag: "host", start: 0)`)).toBeGreaterThan(4)
  expect(cost('import "array"\narray.from(rows: [{a: 1}])')).toSatisfy(about(1))
})

it('takes time about proportional to the text', () => {
  const doubled = Array.from(
    { length: 300 },
    (_, at) => `a${at + 1} = union(tables: [a${at}, a${at}])`,
  )
  const started = performance.now()
  expect(cost(`a0 = ${from}\n${doubled.join('\n')}\na300`)).toBeGreaterThan(1e30)
  expect(cost(`a = a\na |> limit(n: 1)`)).toSatisfy(about(1))
  const continued = Array.from({ length: 900 }, (_, at) => `a${at + 1} = a${at} |> b()\na${at}`)
  expect(cost(`a0 = ${from} |> range(start: -1h)\n${continued.join('\n')}`)).toBeGreaterThan(900)
  for (const part of ['1 + ', 'not ', '-', '(', 'f(x: ', '[', '{a: ', 'if true then 1 else '])
    for (const count of [90, 4990]) expect(costOrRefusal(part.repeat(count))).not.toBe('')
  const piped = ' |> limit(n: 1)'.repeat(1300)
  expect(cost(`${from} |> range(start: -1h)${piped}`)).toBeGreaterThan(1)
  expect(performance.now() - started).toBeLessThan(2000)
})

function costOrRefusal(text: string): unknown {
  try {
    return cost(`x = ${text}1`)
  } catch (error) {
    if (error instanceof FluxError) return error.message
    throw error
  }
}
