import { toUnits } from '@warren/influxql/cost/units'
import type { Call } from '../tree.ts'
import { argumentOf, builtinOf } from './definitions.ts'
import { type Breadth, countRegexes, narrowed, wide } from './narrow.ts'
import { dayMs, lengthOf, rangeOf, type TimeContext } from './static-time.ts'

/** Between two points of a series, as InfluxQL's estimate has it. */
const stepMs = 10_000
/** What is not known, and whatever is longer: beyond it few buckets have points. */
const longestMs = 366 * dayMs
/** Beyond it, which nobody could answer, the number says nothing more. */
const mostBuckets = 1e12

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** One row for each window of a series. */
const collapsing = words(`
  count first integral last max mean median min mode quantile reduce skew spread stddev sum timeWeightedAvg
`)
const windows = words('aggregateWindow window interpolate.linear')
const cutting = words('limit tail top bottom')
/** Calls that do nothing with values. */
const free = words('range filter yield keep drop rename set group limit tail')

/** What is known of a bucket's rows within a pipeline. */
export interface Flow {
  readonly breadth: Breadth
  /** There were ranges and filters only: the store reads no more than they leave. */
  readonly isPlain: boolean
  /** Undefined: no `range` yet. */
  readonly rangeMs: number | undefined
  readonly buckets: number
  /** Rows of one series; undefined: all that are read. */
  readonly rows: number | undefined
  readonly functions: number
  readonly regexes: number
}

/** Of a bucket that nothing has been done with. */
export const newFlow: Flow = {
  ...{ breadth: wide, isPlain: true, rangeMs: undefined, buckets: 1, rows: undefined },
  ...{ functions: 0, regexes: 0 },
}

const capped = (rangeMs: number | undefined): number => Math.min(rangeMs ?? longestMs, longestMs)

function bucketsOf(call: Call, { rangeMs }: Flow, context: TimeContext): number | undefined {
  const everyMs = lengthOf(argumentOf(call, 'every'), context)
  if (!(everyMs > 0)) return undefined
  return Math.min(Math.floor(capped(rangeMs) / everyMs) + 2, mostBuckets)
}

const stepsOf = ({ rangeMs }: Flow): number => Math.floor(capped(rangeMs) / stepMs) + 1

const atMost = (flow: Flow, bound: number): Flow => ({
  ...flow,
  rows: Math.min(flow.rows ?? stepsOf(flow), bound),
})

function intoRows(flow: Flow, call: Call, { name, context }: Named): Flow {
  if (windows.has(name)) {
    const buckets = bucketsOf(call, flow, context)
    // Of windows that are not known there are no more than points.
    if (buckets === undefined) return { ...flow, rows: undefined }
    return name === 'window' ? { ...flow, buckets } : { ...flow, buckets: 1, rows: buckets }
  }
  if (collapsing.has(name)) return atMost(flow, flow.buckets)
  if (!cutting.has(name)) return flow
  const count = argumentOf(call, 'n')
  const most = count?.kind === 'literal' ? Number(count.text) : Number.NaN
  return Number.isFinite(most) ? atMost(flow, most * flow.buckets) : flow
}

interface Named {
  /** Of Flux' own function. */
  readonly name: string
  readonly context: TimeContext
}

export function flowInto(flow: Flow, call: Call, context: TimeContext): Flow {
  const name = builtinOf(call, context.definitions)
  // What a function of the program does with the rows is not followed.
  if (name === undefined)
    return { ...flow, isPlain: false, functions: flow.functions + 1, rows: undefined }
  const next = intoRows(flow, call, { name, context })
  if (name === 'range') return { ...next, rangeMs: flow.rangeMs ?? capped(rangeOf(call, context)) }
  if (name === 'filter')
    return {
      ...next,
      breadth: flow.isPlain ? narrowed(flow.breadth, call) : flow.breadth,
      regexes: flow.regexes + countRegexes(call),
    }
  const functions = flow.functions + (free.has(name) ? 0 : 1)
  return { ...next, isPlain: false, functions }
}

/** What reading it and all that was done with it costs, in units beside the least one. */
export function workOfFlow(flow: Flow): number {
  const { breadth, functions, regexes, buckets } = flow
  const series = breadth.measurements * breadth.fields
  const steps = stepsOf(flow)
  const points = series * steps
  const values = series * (flow.rows ?? steps)
  return unitsOf({ points, values, series, functions, regexes, buckets })
}

/** What listing names costs: of each series one value a day, of the last 30 days unless it says others. */
export function workOfListing(call: Call, context: TimeContext): number {
  const hasStart = argumentOf(call, 'start') !== undefined
  const days = Math.ceil((hasStart ? capped(rangeOf(call, context)) : 30 * dayMs) / dayMs) + 1
  const isNarrow = argumentOf(call, 'measurement') !== undefined
  const series = wide.fields * (isNarrow ? 1 : wide.measurements)
  const regexes = countRegexes(call)
  return unitsOf({
    ...{ points: series * days, values: series, series, functions: 0, regexes },
    buckets: 1,
  })
}

type Parts = Omit<Parameters<typeof toUnits>[0], 'rangeNs' | 'intervalNs'>

const unitsOf = (parts: Parts): number => toUnits({ rangeNs: 0n, intervalNs: 0n, ...parts }, 0) - 1
