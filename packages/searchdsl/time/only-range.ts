import type { DateHistogramAggregation, RangeQuery, SearchRequest } from '../tree.ts'
import { mapTimes } from './map-times.ts'

/** The one range that a search is about, ms since the epoch, as it was written: either end may or may not be a part of it. */
export interface OnlyRange {
  /** Undefined: it has no beginning. */
  readonly fromMs: number | undefined
  readonly toMs: number
}

type Bound = string | number

const isoFormats = new Set([
  'strict_date_optional_time',
  'strict_date_optional_time_nanos',
  'date_optional_time',
  'strict_date_time',
  'date_time',
  'iso8601',
])
const millis = /^\d{13}$/
const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** A moment that says all its milliseconds, in one of the ways that dashboards write it; anything else, as `now-1h`, is none. */
function toMs(bound: Bound, format = 'strict_date_optional_time||epoch_millis') {
  const text = String(bound)
  const formats = format.split('||')
  if (millis.test(text)) {
    const epoch = formats.find((one) => one.startsWith('epoch_'))
    return epoch === 'epoch_millis' ? Number(text) : undefined
  }
  if (!iso.test(text) || !formats.some((one) => isoFormats.has(one))) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}

/** Another moment, written as the one before. */
function written(before: Bound, ms: number): Bound {
  if (typeof before === 'number') return ms
  return millis.test(before) ? String(ms) : new Date(ms).toISOString()
}

function onlyOne(one: Bound | undefined, other: Bound | undefined): Bound | undefined {
  return one === undefined || other === undefined ? (one ?? other) : undefined
}

function rangeOf({ gt, gte, lt, lte, format }: RangeQuery): OnlyRange | undefined {
  const from = onlyOne(gt, gte)
  const to = onlyOne(lt, lte)
  const isOpen = gt === undefined && gte === undefined
  if (to === undefined || (from === undefined && !isOpen)) return undefined
  const end = toMs(to, format)
  const fromMs = from === undefined ? undefined : toMs(from, format)
  if (end === undefined || (fromMs === undefined && !isOpen)) return undefined
  return { fromMs, toMs: end }
}

function boundsOf({ bounds, format }: DateHistogramAggregation): OnlyRange | undefined {
  if (bounds === undefined) return undefined
  const fromMs = toMs(bounds.min, format)
  const end = toMs(bounds.max, format)
  return fromMs === undefined || end === undefined ? undefined : { fromMs, toMs: end }
}

/** The range, where every moment that the search names is one of its ends: then the same search about another range is the same question at another time. */
export function onlyRangeOf(request: SearchRequest): OnlyRange | undefined {
  const ranges: (OnlyRange | undefined)[] = []
  const others: (OnlyRange | undefined)[] = []
  mapTimes(request, {
    range: (range) => {
      ranges.push(rangeOf(range))
      return range
    },
    histogram: (histogram) => {
      others.push(boundsOf(histogram))
      return histogram
    },
    other: () => others.push(undefined),
  })
  const [first] = ranges
  if (first === undefined) return undefined
  const isSame = (one: OnlyRange | undefined): boolean =>
    one !== undefined && one.fromMs === first.fromMs && one.toMs === first.toMs
  return ranges.every(isSame) && others.every(isSame) ? first : undefined
}

/** The same search about another range, with a beginning where it had one: only of a search that has an only range. */
export function withOnlyRange(
  request: SearchRequest,
  { fromMs, toMs: end }: OnlyRange,
): SearchRequest {
  const from = (bound: Bound | undefined) =>
    bound === undefined || fromMs === undefined ? bound : written(bound, fromMs)
  const to = (bound: Bound | undefined) => (bound === undefined ? bound : written(bound, end))
  const present = (bounds: Readonly<Record<string, Bound | undefined>>) =>
    Object.fromEntries(Object.entries(bounds).filter(([, bound]) => bound !== undefined))
  return mapTimes(request, {
    // Bounds stay in their places: the same question is the same text.
    range: (range) => ({
      ...range,
      ...present({
        ...{ gt: from(range.gt), gte: from(range.gte) },
        ...{ lt: to(range.lt), lte: to(range.lte) },
      }),
    }),
    histogram: (histogram) => ({
      ...histogram,
      ...(histogram.bounds !== undefined && {
        bounds: {
          min: written(histogram.bounds.min, fromMs ?? end),
          max: written(histogram.bounds.max, end),
        },
      }),
    }),
    other: () => undefined,
  })
}
