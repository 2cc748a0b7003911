import type { Extent } from './extents.ts'
import type { Absence } from './mergeable.ts'
import type { Plan } from './plan.ts'
import { cut, endOf, join, type Stretch, withPoints } from './stretch.ts'

interface Parts {
  readonly whole: Stretch
  readonly kept: Extent | undefined
  readonly absences: readonly Absence[]
}

/** What is to be kept after an answer: its closed buckets, and what was kept around them, as many again before as there are. Undefined: nothing new. */
export function extended(plan: Plan, { whole, kept, absences }: Parts): Stretch | undefined {
  const { startMs, endMs } = plan.closed
  if (endMs <= startMs) return undefined
  const old = plan.kept === undefined ? undefined : kept?.stretch
  if (old !== undefined && old.startMs <= startMs && endOf(old) >= endMs) return undefined
  const closed = cut(whole, startMs, endMs)
  if (old === undefined) return pruned(closed, absences)
  const earliestMs = Math.max(old.startMs, startMs - (endMs - startMs))
  const parts = [
    ...(earliestMs < startMs ? [cut(old, earliestMs, startMs)] : []),
    closed,
    ...(endOf(old) > endMs ? [cut(old, endMs, endOf(old))] : []),
  ]
  return pruned(join(parts, absences) ?? closed, absences)
}

/** Without series that are gone: they would pile up as time goes on. */
const pruned = (stretch: Stretch, absences: readonly Absence[]): Stretch =>
  withPoints(stretch, absences) ?? stretch
