import type { Call, Expr } from '@warren/influxql/expression'
import type { RollupName } from '@warren/influxql/rollup-policy'
import { withRange } from '@warren/influxql/time/time-bounds'
import type { TimeRange } from '@warren/influxql/time-range'
import type { SelectStatement } from '@warren/influxql/tree'
import { withParts } from '@warren/influxql/walk'
import { type Rollable, rolledField } from './rollable.ts'

/** A rollup's own windows are those that begin in the range. */
export function toRollupSelect(
  { select, measurement, columns }: Rollable,
  policy: RollupName,
  range: TimeRange,
): SelectStatement {
  return withRange(
    {
      ...bare(select),
      fields: columns.map(({ name, expr }) => ({ expr: ofRollup(expr), alias: name })),
      sources: [{ kind: 'measurement', policy, name: measurement }],
      fill: { kind: 'none' },
    },
    range,
  )
}

/** The points of a range, a row for each window. */
export const toPointsSelect = ({ select }: Rollable, range: TimeRange): SelectStatement =>
  withRange({ ...bare(select), fill: { kind: 'null' } }, range)

/** Oldest first, and nothing cut: that is done to the whole. */
const bare = (select: SelectStatement): SelectStatement => ({
  ...select,
  ...{ limit: 0, offset: 0, seriesLimit: 0, seriesOffset: 0, sortFields: [] },
})

/** The same of the fields that rollups keep. */
function ofRollup(expr: Expr): Expr {
  return expr.kind === 'call' ? ofRollupCall(expr) : withParts(expr, ofRollup)
}

function ofRollupCall(call: Call): Expr {
  const field = rolledField(call)
  if (field === undefined) return withParts(call, ofRollup)
  const of = (name: string, kept: string): Call => ({
    kind: 'call',
    name,
    args: [{ ...field, name: `${field.name}_${kept}` }],
  })
  if (call.name === 'count') return of('sum', 'count')
  if (call.name !== 'mean') return of(call.name, call.name)
  const mean: Expr = { kind: 'binary', op: '/', left: of('sum', 'sum'), right: of('sum', 'count') }
  return { kind: 'paren', expr: mean }
}
