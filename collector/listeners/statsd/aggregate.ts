import type { Templates } from '@warren/graphite/templates'
import { toLine, toSeriesKey } from '@warren/lineprotocol/write'
import type { MetricType, StatsdLine } from './line.ts'
import { createSummary, type Summary } from './summary.ts'

export type AggregateProblem = 'malformed' | 'too_many_series' | 'too_many_members'

/** Adds values up for an interval: counters are summed, gauges keep their last value, timers are summarised, members of sets counted. */
export interface Aggregate {
  /** Undefined when the line was taken, else what became of it. */
  add(line: StatsdLine, write: (line: string) => void): AggregateProblem | undefined
  /** Writes what the interval brought, as points of the time, and begins the next one. */
  flush(timeMs: number, write: (line: string) => void): void
}

export interface AggregateOptions {
  readonly templates: Templates
  readonly percentiles: readonly number[]
  /** Above it a new series is refused until the next interval; idle gauges make room. */
  readonly maxSeries: number
  readonly maxSamples: number
  readonly random?: () => number
}

interface Series {
  readonly measurement: string
  readonly tags: Readonly<Record<string, string>>
  /** Of the template; undefined without one. */
  readonly field: string | undefined
  readonly type: MetricType
  isFresh: boolean
  value: number
  summary: Summary | undefined
  members: Set<string> | undefined
}

/** Telegraf's words for the types. */
const metricTypes: Readonly<Record<MetricType, string>> = {
  ...{ c: 'counter', g: 'gauge', ms: 'timing', h: 'histogram', d: 'distribution', s: 'set' },
}

/** Of all series together, in one interval. */
const maxKept = 1_000_000
const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

const toNumber = (text: string): number | undefined =>
  number.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined

/** Broken values must not make a series. */
const isBroken = ({ type, values }: StatsdLine): boolean =>
  type !== 's' && values.some((text) => toNumber(text) === undefined)

interface Identity {
  readonly measurement: string
  readonly tags: Readonly<Record<string, string>>
  readonly field: string | undefined
}

function identify({ name, tags: sent, type }: StatsdLine, templates: Templates): Identity {
  const { measurement, tags: mapped, field } = templates.map(name)
  return { measurement, tags: { ...mapped, ...sent, metric_type: metricTypes[type] }, field }
}

/** A value with a time of its own was aggregated by the client. */
function toOwnLine(line: StatsdLine, atSeconds: number, templates: Templates): string | undefined {
  const { measurement, tags, field = 'value' } = identify(line, templates)
  const value = toNumber(line.values.at(-1) ?? '')
  const timeNs = BigInt(atSeconds) * 1_000_000_000n
  return toLine({ measurement, tags, fields: { [field]: value }, timeNs })
}

function fieldsOf(one: Series, percentiles: readonly number[]): Record<string, number> {
  const { field, summary } = one
  if (summary === undefined) return { [field ?? 'value']: one.members?.size ?? one.value }
  const entries = Object.entries(summary.fields(percentiles))
  return Object.fromEntries(
    entries.map(([key, value]) => [field === undefined ? key : `${field}_${key}`, value]),
  )
}

/** The series of an interval, at most so many. */
function createSeriesTable({ templates, maxSeries }: AggregateOptions) {
  const series = new Map<string, Series>()
  const hasRoom = (): boolean => {
    if (series.size < maxSeries) return true
    for (const [key, { isFresh }] of series) if (!isFresh) series.delete(key)
    return series.size < maxSeries
  }
  return {
    series,
    /** Where it stands, or will once it has a value; undefined when there is no room for a new one. */
    find: (line: StatsdLine): readonly [key: string, Series] | undefined => {
      const { measurement, tags, field } = identify(line, templates)
      const key = `${toSeriesKey(measurement, tags)} ${field ?? ''}`
      const known = series.get(key)
      if (known !== undefined) return [key, known]
      if (!hasRoom()) return undefined
      const fresh: Series = {
        ...{ measurement, tags, field, type: line.type, isFresh: false, value: 0 },
        ...{ summary: undefined, members: undefined },
      }
      return [key, fresh]
    },
  }
}

/** What the series of an interval keep together. */
interface Kept {
  samples: number
  members: number
}

/** False, and it is not added, where as many are kept as may be. */
function addMember(to: Series, member: string, kept: Kept): boolean {
  to.members ??= new Set()
  if (to.members.has(member)) return true
  if (kept.members >= maxKept) return false
  to.members.add(member)
  kept.members += 1
  return true
}

interface NumberOptions {
  readonly sampleRate: number
  readonly kept: Kept
  readonly createSummary: () => Summary
}

/** False, and nothing is added, where what is kept would be no number any more. */
function addNumber(to: Series, text: string, options: NumberOptions): boolean {
  const value = Number(text)
  const weight = 1 / options.sampleRate
  if (to.type === 'c') return setValue(to, to.value + value * weight)
  // A sign makes it a change: https://github.com/statsd/statsd/blob/master/docs/metric_types.md#gauges
  if (to.type === 'g') return setValue(to, /^[+-]/.test(text) ? to.value + value : value)
  to.summary ??= options.createSummary()
  const added = to.summary.add(value, weight, options.kept.samples < maxKept)
  options.kept.samples += added ?? 0
  return added !== undefined
}

function setValue(to: Series, value: number): boolean {
  if (!Number.isFinite(value)) return false
  to.value = value
  return true
}

export function createAggregate(options: AggregateOptions): Aggregate {
  const { templates, percentiles, maxSamples, random = Math.random } = options
  const { series, find } = createSeriesTable(options)
  const kept: Kept = { samples: 0, members: 0 }
  const newSummary = () => createSummary({ maxSamples, random })

  const addValues = (line: StatsdLine): AggregateProblem | undefined => {
    const found = find(line)
    if (found === undefined) return 'too_many_series'
    const [key, to] = found
    const { sampleRate, type, values } = line
    const adding = { sampleRate, kept, createSummary: newSummary }
    const areAdded =
      type === 's'
        ? [addMember(to, values[0] ?? '', kept)]
        : values.map((text) => addNumber(to, text, adding))
    // What was refused makes no point.
    if (!to.isFresh && areAdded.includes(true)) {
      to.isFresh = true
      series.set(key, to)
    }
    if (!areAdded.includes(false)) return undefined
    return type === 's' ? 'too_many_members' : 'malformed'
  }

  const writeFresh = (timeNs: bigint, write: (line: string) => void): void => {
    for (const one of series.values()) {
      if (!one.isFresh) continue
      const text = toLine({ ...one, fields: fieldsOf(one, percentiles), timeNs })
      if (text !== undefined) write(text)
    }
  }

  return {
    add: (line, write) => {
      if (isBroken(line)) return 'malformed'
      const { atSeconds, type } = line
      if (atSeconds === undefined || (type !== 'c' && type !== 'g')) return addValues(line)
      const own = toOwnLine(line, atSeconds, templates)
      if (own === undefined) return 'malformed'
      write(own)
      return undefined
    },
    flush: (timeMs, write) => {
      writeFresh(BigInt(timeMs) * 1_000_000n, write)
      // A gauge is kept for the changes that refer to it.
      for (const [key, one] of series)
        if (one.type === 'g') one.isFresh = false
        else series.delete(key)
      kept.samples = 0
      kept.members = 0
    },
  }
}
