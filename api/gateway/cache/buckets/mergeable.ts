import type { Call, Expr } from '@warren/influxql/expression'
import { printStatement } from '@warren/influxql/print'
import { timeDimensionOf } from '@warren/influxql/time/group-interval'
import { maxTimeNs, minTimeNs, type TimeRange } from '@warren/influxql/time-range'
import type { Fill, SelectStatement } from '@warren/influxql/tree'
import type { ScopedQuery } from '../../influxdb/answer-query.ts'
import { toRanged } from '../snap/ranged.ts'

/**
 * What a value that is missing says of its bucket: that it holds no point (`null`, or `zero` where it is shown so); that it holds none or too few (`few`),
 * while a series that is missing has none; or nothing (`unknown`).
 */
export type Absence = 'null' | 'zero' | 'few' | 'unknown'

/** Whether a bucket may hold points and show none. */
export const hidesPoints = (absences: readonly Absence[]): boolean =>
  absences.includes('few') || absences.includes('unknown')

/** A SELECT whose buckets depend on nothing but the points in them, so that an answer can be put together of stretches of buckets. */
export interface Mergeable {
  /** Without a range, every bucket shown, with null where it is empty. */
  readonly select: SelectStatement
  readonly measurement: string
  readonly range: TimeRange
  readonly stepMs: number
  /** Where a bucket begins, from 0 to the step. */
  readonly offsetMs: number
  /** As asked for. */
  readonly fill: Fill
  /** One a column, that of time not counted. */
  readonly absences: readonly Absence[]
  /** Equal for questions that differ in their range and fill alone. */
  readonly key: string
}

const msNs = 1_000_000n
/** Beyond it the store may refuse the whole where it would answer the parts. */
const maxBuckets = 10_000n

/** Each gives a value for any point: https://docs.influxdata.com/influxdb/v1/query_language/functions/ */
const plain: ReadonlySet<string> = new Set([
  ...['mean', 'sum', 'min', 'max', 'first', 'last', 'median', 'mode', 'spread'],
])

const isField = (expr: Expr | undefined): boolean => expr?.kind === 'reference'

/** Undefined: what the call gives for a bucket is not of the bucket alone. */
function absenceOfCall({ name, args }: Call): Absence | undefined {
  const [field, rank] = args
  if (!isField(field)) return undefined
  if (name === 'percentile') return absenceOfPercentile(rank)
  if (args.length !== 1) return undefined
  if (name === 'count') return 'zero'
  // Of a single point there is none, which InfluxDB shows: the series is there.
  if (name === 'stddev') return 'few'
  return plain.has(name) ? 'null' : undefined
}

/** Below the median a few points have no such rank, and InfluxDB shows no series that has no other. */
function absenceOfPercentile(rank: Expr | undefined): Absence | undefined {
  if (rank?.kind !== 'integer' && rank?.kind !== 'number') return undefined
  return Number(rank.value) >= 50 ? 'null' : 'unknown'
}

function absenceOf(expr: Expr): Absence | undefined {
  if (expr.kind === 'call') return absenceOfCall(expr)
  if (expr.kind === 'paren') return absenceOf(expr.expr)
  return isArithmetic(expr) ? 'unknown' : undefined
}

/** Numbers and calls: a division by zero is null too. */
function isArithmetic(expr: Expr): boolean {
  if (expr.kind === 'binary') return isArithmetic(expr.left) && isArithmetic(expr.right)
  if (expr.kind === 'paren') return isArithmetic(expr.expr)
  if (expr.kind === 'call') return absenceOfCall(expr) !== undefined
  return expr.kind === 'integer' || expr.kind === 'number'
}

const toMs = (ns: bigint): number | undefined => (ns % msNs === 0n ? Number(ns / msNs) : undefined)

interface Buckets {
  readonly stepMs: number
  readonly offsetMs: number
}

function bucketsOf({ dimensions }: SelectStatement): Buckets | undefined {
  const time = timeDimensionOf(dimensions)
  const [step, offset = { kind: 'duration', ns: 0n }, ...more] = time?.args ?? []
  if (step?.kind !== 'duration' || offset.kind !== 'duration' || more.length > 0) return undefined
  const stepMs = toMs(step.ns)
  const offsetMs = toMs(offset.ns)
  if (stepMs === undefined || offsetMs === undefined || stepMs <= 0) return undefined
  return { stepMs, offsetMs: ((offsetMs % stepMs) + stepMs) % stepMs }
}

/** One measurement of raw points, one row a bucket for each group of named tags, oldest first, uncut. */
function isPlain(select: SelectStatement): boolean {
  const { sources, dimensions, sortFields, timeZone, into } = select
  const [source, ...others] = sources
  const isUncut =
    select.limit === 0 &&
    select.offset === 0 &&
    select.seriesLimit === 0 &&
    select.seriesOffset === 0
  return (
    isUncut &&
    timeZone === undefined &&
    into === undefined &&
    others.length === 0 &&
    source?.kind === 'measurement' &&
    source.name !== undefined &&
    // Rollups are made anew without a word.
    source.policy === undefined &&
    sortFields.every(({ ascending }) => ascending) &&
    dimensions.every(({ kind }) => kind === 'call' || kind === 'reference')
  )
}

/** A filled-in number must be one that any column may hold, and stand for empty buckets alone. */
function isFillable(fill: Fill, absences: readonly Absence[]): boolean {
  if (fill.kind === 'null') return true
  const isKnown = !hidesPoints(absences)
  if (fill.kind === 'none') return isKnown
  return fill.kind === 'number' && Number.isInteger(Number(fill.value)) && isKnown
}

function isBounded({ minNs, maxNs }: TimeRange, { stepMs }: Buckets): boolean {
  if (minNs === minTimeNs || maxNs === maxTimeNs || maxNs < minNs) return false
  return (maxNs - minNs) / (BigInt(stepMs) * msNs) < maxBuckets
}

function absencesOf({ fields }: SelectStatement): readonly Absence[] | undefined {
  const absences = fields.map(({ expr }) => absenceOf(expr))
  return absences.every((absence) => absence !== undefined) ? absences : undefined
}

/** All of it that does not depend on the range. */
type Shape = Omit<Mergeable, 'range'>

function shapeOf(timeless: SelectStatement): Shape | undefined {
  if (!isPlain(timeless)) return undefined
  const buckets = bucketsOf(timeless)
  const absences = absencesOf(timeless)
  const { fill } = timeless
  if (buckets === undefined || absences === undefined || !isFillable(fill, absences))
    return undefined
  const [source] = timeless.sources
  const measurement = source?.kind === 'measurement' ? source.name : undefined
  if (measurement === undefined) return undefined
  const select: SelectStatement = { ...timeless, fill: { kind: 'null' } }
  return { select, measurement, ...buckets, fill, absences, key: printStatement(select) }
}

const shapes = new WeakMap<SelectStatement, { readonly shape: Shape | undefined }>()

/** Found out once for each object. */
function knownShapeOf(timeless: SelectStatement): Shape | undefined {
  const known = shapes.get(timeless) ?? { shape: shapeOf(timeless) }
  shapes.set(timeless, known)
  return known.shape
}

/** Undefined: the statement is answered as a whole. */
export function toMergeable(query: ScopedQuery): Mergeable | undefined {
  if (query.epoch !== 'ms') return undefined
  const ranged = query.ranged ?? toRanged(query.statements, query.nowNs)
  if (ranged === undefined) return undefined
  const shape = knownShapeOf(ranged.select)
  if (shape === undefined || !isBounded(ranged.range, shape)) return undefined
  return { ...shape, range: ranged.range }
}
