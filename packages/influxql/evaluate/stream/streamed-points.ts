import type { Call } from '../../expression.ts'
import { minTimeNs } from '../../time-range.ts'
import type { ExtraPlan } from '../call-plan.ts'
import { isStoredFloat } from '../expressions/field-value.ts'
import type { Group } from '../group.ts'
import type { Points } from '../points.ts'
import type { FieldColumn } from '../source.ts'
import type { BucketSums, IntegerSums } from './bucket-sums.ts'
import {
  bucketFloats,
  bucketValue,
  hasFloats,
  isStreamFunction,
  type PushedFunction,
  sumColumns,
} from './stream.ts'

/** The points of a call computed from the columns as they are, oldest first; undefined when the call needs rows. */
export function streamedPoints(call: Call, group: Group, plan: ExtraPlan): Points | undefined {
  const { name } = call
  const [argument] = call.args
  const isPushed = group.sums !== undefined && name === 'median'
  if (!isStreamFunction(name) && !isPushed) return undefined
  if (argument?.kind !== 'reference' || group.series === undefined || !allowsStreaming(plan))
    return undefined
  const { windows, extra, ascending, blocks } = plan
  if (group.sums !== undefined) {
    const pushed = group.sums.get(argument.name)
    if (pushed === undefined) return { times: [], values: [] }
    const starts = windows.starts(windows.range, windows.range.minNs)
    return pointsOf(name, pushed, { windows, starts, blocks })
  }
  if (!isStoredFloat(argument, plan.table)) return undefined
  const columns = group.series.flatMap((series) =>
    series.columns.filter(({ field }) => field === argument.name),
  )
  const first = firstTimeOf(columns)
  if (first === undefined) return { times: [], values: [] }
  const starts = windows.starts(windows.extended(extra, ascending), first)
  const sums = sumColumns(columns, starts, name === 'sum' || name === 'mean')
  return pointsOf(name, sums, { windows, starts, blocks })
}

interface Buckets extends Pick<ExtraPlan, 'windows' | 'blocks'> {
  readonly starts: readonly bigint[]
}

function pointsOf(
  name: PushedFunction,
  sums: BucketSums | IntegerSums,
  { windows, starts, blocks }: Buckets,
): Points {
  if (isFull(sums, starts)) {
    if (hasFloats(name, sums))
      return { times: starts, values: bucketFloats(name, sums, blocks.take(starts.length)) }
    const values = starts.map((_, bucket) => bucketValue(name, sums, bucket))
    return { times: starts, values }
  }
  const points = { times: [] as bigint[], values: [] as (number | bigint)[] }
  for (let bucket = 0; bucket < starts.length; bucket++) {
    if (sums.counts[bucket] === 0) continue
    points.times.push(windows.named(starts[bucket] ?? 0n))
    points.values.push(bucketValue(name, sums, bucket))
  }
  return points
}

/** Whether each bucket has a point and is named as it starts: then groups share the times. */
function isFull({ counts }: BucketSums | IntegerSums, starts: readonly bigint[]): boolean {
  if (starts[0] === minTimeNs) return false
  for (let bucket = 0; bucket < starts.length; bucket++) if (counts[bucket] === 0) return false
  return true
}

/** Rows are needed for conditions on fields, for a selected point's time and fields, and to leave out what another call needs. */
function allowsStreaming(plan: ExtraPlan): boolean {
  const { windows, matches, needsRows, isSelector, loaded, extra, ascending } = plan
  if (matches !== undefined || needsRows) return false
  if (isSelector && windows.interval === undefined) return false
  const { minNs, maxNs } = windows.extended(extra, ascending)
  return loaded.minNs >= minNs && loaded.maxNs <= maxNs
}

function firstTimeOf(columns: readonly FieldColumn[]): bigint | undefined {
  let first: bigint | undefined
  for (const { chunks } of columns) {
    const chunk = chunks.find(({ offsetsNs }) => offsetsNs.length > 0)
    if (chunk === undefined) continue
    const time = chunk.baseNs + BigInt(chunk.offsetsNs[0] ?? 0)
    if (first === undefined || time < first) first = time
  }
  return first === minTimeNs ? 0n : first
}
