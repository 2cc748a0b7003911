import { parseTemplates } from '@warren/graphite/templates'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Aggregate, createAggregate } from './aggregate.ts'
import { parseStatsdLine } from './line.ts'

const open = ({ templates = [] as string[], maxSeries = 100, maxSamples = 1_000 } = {}) =>
  createAggregate({
    templates: parseTemplates(templates),
    percentiles: [90, 99.9],
    ...{ maxSeries, maxSamples, random: () => 0 },
  })

const add = (aggregate: Aggregate, text: string, lines: string[] = []) => {
  const line = parseStatsdLine(text)
  return typeof line === 'string' ? line : aggregate.add(line, (written) => lines.push(written))
}

const flush = (aggregate: Aggregate) => {
  const lines: string[] = []
  aggregate.flush(1_000, (line) => lines.push(line))
  return lines.sort()
}

const once = (...texts: string[]) => {
  const aggregate = open()
  for (const text of texts) expect(add(aggregate, text)).toBeUndefined()
  return flush(aggregate)
}

describe('one interval', () => {
  it.each([
    [['a:1|c', 'a:2|c'], ['a,metric_type=counter value=3 1000000000']],
    [['a:1|c|@0.1', 'a:1|c|@0.5'], ['a,metric_type=counter value=12 1000000000']],
    [['a:1:2:3.5|c'], ['a,metric_type=counter value=6.5 1000000000']],
    [['a:5|g', 'a:-2|g', 'a:+4|g'], ['a,metric_type=gauge value=7 1000000000']],
    [['a:x|s', 'a:y|s', 'a:x|s', 'a:x:y|s'], ['a,metric_type=set value=3 1000000000']],
    [
      ['a:1|c|#env:prod,b', 'a:1|c|#b,env:prod'],
      ['a,b=true,env=prod,metric_type=counter value=2 1000000000'],
    ],
    [
      ['a,env=prod:1|c', 'a:1|c|#env:prod|c:ci-1'],
      ['a,env=prod,metric_type=counter value=2 1000000000'],
    ],
    [['a:1|g|#url:http://x'], ['a,metric_type=gauge,url=http://x value=1 1000000000']],
    [
      ['a:1|c', 'a:1|g'],
      ['a,metric_type=counter value=1 1000000000', 'a,metric_type=gauge value=1 1000000000'],
    ],
  ])('%j', (texts, lines) => {
    expect(once(...texts)).toEqual(lines)
  })

  it('summarises timers', () => {
    const texts = Array.from({ length: 10 }, (_, at) => `t:${at + 1}|ms`)
    expect(once(...texts)).toEqual([
      't,metric_type=timing lower=1,upper=10,mean=5.5,sum=55,count=10,stddev=2.8722813232690143,median=5,90_percentile=9,99.9_percentile=10 1000000000',
    ])
  })

  it('weighs a sampled value', () => {
    expect(once('t:1|h|@0.1', 't:3|h|@0.1')[0]).toContain(
      'mean=2,sum=40,count=20,stddev=1,median=1',
    )
  })

  it('writes a value with its own time as it is', () => {
    const lines: string[] = []
    expect(add(open(), 'a:3|c|T1656581400', lines)).toBeUndefined()
    expect(lines).toEqual(['a,metric_type=counter value=3 1656581400000000000'])
  })

  it('names measurement, tags and field by templates', () => {
    const aggregate = open({ templates: ['host.measurement.field'] })
    add(aggregate, 'web1.http.time:5|ms')
    expect(flush(aggregate)[0]).toMatch(
      /^http,host=web1,metric_type=timing time_lower=5,time_upper=5/,
    )
  })
})

it('forgets counters, and keeps gauges for their changes without writing them again', () => {
  const aggregate = open()
  add(aggregate, 'c:1|c')
  add(aggregate, 'g:10|g')
  expect(flush(aggregate)).toHaveLength(2)
  expect(flush(aggregate)).toEqual([])
  add(aggregate, 'g:+1|g')
  expect(flush(aggregate)).toEqual(['g,metric_type=gauge value=11 1000000000'])
})

it('bounds series; idle gauges make room', () => {
  const aggregate = open({ maxSeries: 2 })
  expect(['a:1|g', 'b:1|g', 'c:1|g', 'a:2|g'].map((text) => add(aggregate, text))).toEqual([
    undefined,
    undefined,
    'too_many_series',
    undefined,
  ])
  flush(aggregate)
  expect(add(aggregate, 'c:1|c')).toBeUndefined()
})

it('keeps sums exact past the samples it keeps', () => {
  const aggregate = open({ maxSamples: 5 })
  for (let at = 0; at < 100; at += 1) add(aggregate, `t:${at}|ms`)
  expect(flush(aggregate)[0]).toContain('lower=0,upper=99,mean=49.5,sum=4950,count=100')
})

it.each([
  ['a', 'malformed'],
  ['a:1', 'malformed'],
  [':1|c', 'malformed'],
  ['a:|c', 'malformed'],
  ['a:x|c', 'malformed'],
  ['a:1:|c', 'malformed'],
  ['a:1|q', 'malformed'],
  ['a:1|c|@0', 'malformed'],
  ['a:1|c|@2', 'malformed'],
  ['a:1e999|g', 'malformed'],
  ['_e{5,4}:title|text', 'event'],
  ['_sc|redis|2', 'service check'],
])('refuses %s', (text, reason) => {
  const aggregate = open()
  expect(add(aggregate, text)).toBe(reason)
  expect(flush(aggregate)).toEqual([])
})

it('never throws', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('a', ':', '1', '|', 'c', 'ms', '@', '#', ',', 's', 'T1'),
  )
  const aggregate = open()
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      add(aggregate, pieces.join(''))
      for (const line of flush(aggregate)) expect(line).not.toContain('\n')
    }),
    { numRuns: 2_000 },
  )
})

it.each([
  `a:1|c|T${'9'.repeat(309)}`,
  'a:1|c|T9223372037',
  'a:1|c|@1e-320',
  'a:1e308|c|@0.1',
  'a:1e308|ms|@0.1',
  'a:1|ms|@1e-310',
])('%s stands for no number or time, and is refused', (text) => {
  const aggregate = open()
  expect(add(aggregate, text)).toBe('malformed')
  expect(flush(aggregate)).toEqual([])
})

it('writes no idle gauge again for a change that is refused', () => {
  const aggregate = open()
  expect(add(aggregate, 'g:1e308|g')).toBeUndefined()
  expect(flush(aggregate)).toHaveLength(1)
  expect(add(aggregate, 'g:+1e308|g')).toBe('malformed')
  expect(flush(aggregate)).toEqual([])
})

it('refuses what would make a count infinite that stands for too many', () => {
  const aggregate = open()
  expect(add(aggregate, 'a:0|ms|@1e-308')).toBeUndefined()
  expect(add(aggregate, 'a:0|ms|@1e-308')).toBe('malformed')
  expect(flush(aggregate).join()).toMatch(/count=/)
})

it('keeps the sum that it has where the next value would make it infinite, and says so', () => {
  const aggregate = open()
  expect(add(aggregate, 'a:1e308|c')).toBeUndefined()
  expect(add(aggregate, 'a:1e308|c')).toBe('malformed')
  expect(add(aggregate, 't:1e308|ms')).toBeUndefined()
  expect(add(aggregate, 't:1e308|ms')).toBe('malformed')
  const [counter, timer] = flush(aggregate)
  expect(counter).toMatch(/^a,metric_type=counter value=1e\+?308 /)
  expect(timer).toContain('count=1,')
})
