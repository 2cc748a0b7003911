import { printStatement } from '@warren/influxql/print'
import type { Asker } from '../../asker.ts'
import type { ScopedQuery } from '../../influxdb/answer-query.ts'
import { gridAt, gridMs } from './grid.ts'
import { type Ranged, textOf, toRanged } from './ranged.ts'
import { toRangedQuery } from './ranged-query.ts'
import { snapRange, snapStatement } from './snap.ts'

/** A query as it is asked for all who ask it within one step of the grid. */
export interface Question {
  /** Equal for equal questions and for no others. Tenant and grants are in the scoped trees; the tenant stands beside them because its database is its own. */
  readonly key: string
  readonly query: ScopedQuery
  /** Until when an answer that is asked for now may be given to others, ms. */
  readonly untilMs: number
}

type Clock = Parameters<typeof snapStatement>[1]

export function toQuestion(query: ScopedQuery, { tenant }: Asker, nowMs: number): Question {
  const slotMs = gridAt(nowMs)
  const clock = { nowNs: query.nowNs, gridNowNs: BigInt(slotMs) * 1_000_000n }
  const ranged = query.ranged ?? toRanged(query.statements, query.nowNs)
  if (ranged !== undefined) {
    const { key, query: asked } = toRangedQuestion(query, ranged, { tenant, clock })
    return { key, query: asked, untilMs: nowMs + gridMs }
  }
  const snapped = query.statements.map((statement) => snapStatement(statement, clock))
  const isAbsolute = snapped.every((each) => each.isAbsolute)
  const statements = snapped.map(({ statement }) => statement)
  const { epoch, mayBeBytes } = query
  return {
    key: JSON.stringify([
      tenant,
      epoch ?? '',
      isAbsolute ? '' : slotMs,
      ...statements.map(printStatement),
    ]),
    query: { statements, epoch, nowNs: clock.gridNowNs, mayBeBytes },
    // What depends on the clock was asked with the grid's: one step later it is another question.
    untilMs: isAbsolute ? nowMs + gridMs : slotMs + gridMs,
  }
}

/** One SELECT whose bounds are beside it: the same at any time. */
function toRangedQuestion(
  { epoch, nowNs, mayBeBytes }: ScopedQuery,
  { select, range }: Ranged,
  { tenant, clock }: { readonly tenant: string; readonly clock: Clock },
): Pick<Question, 'key' | 'query'> {
  const ranged = { select, range: snapRange(range, nowNs) }
  const { minNs, maxNs } = ranged.range
  return {
    // A colon begins no JSON: no other key looks like it.
    key: `:${tenant}:${epoch ?? ''}:${minNs}:${maxNs}:${textOf(ranged)}`,
    query: toRangedQuery(ranged, { epoch, nowNs: clock.gridNowNs, mayBeBytes }),
  }
}
