import { hash } from 'node:crypto'
import { isOnTags } from '@warren/influxql/equal-tags'
import type { Expr } from '@warren/influxql/expression'
import { printMeasurement } from '@warren/influxql/print/clauses'
import { printExpression } from '@warren/influxql/print/expression'
import { withRange } from '@warren/influxql/time/time-bounds'
import type { Measurement, SelectStatement, Statement } from '@warren/influxql/tree'

/** What a query reads of one measurement: by tags, in the words of its scope. */
export interface WantedSeries {
  readonly key: string
  readonly source: Measurement
  readonly condition: Expr | undefined
  /** Characters, as it is printed. */
  readonly length: number
}

const hourMs = 3_600_000
/** An hour's rollup is made some minutes after its end. */
const madeMs = 20 * 60_000

/** What of a condition tags alone decide; the tenant and its grants are in it. */
function tagPart(condition: Expr | undefined): Expr | undefined {
  if (condition === undefined || isOnTags(condition)) return condition
  if (condition.kind === 'paren') return tagPart(condition.expr)
  if (condition.kind !== 'binary' || condition.op !== 'AND') return undefined
  const [left, right] = [tagPart(condition.left), tagPart(condition.right)]
  if (left === undefined || right === undefined) return left ?? right
  return { kind: 'binary', op: 'AND', left, right }
}

/** Thousands are kept, and a condition may name ten thousand values. */
const toKey = (text: string): string => (text.length > 100 ? hash('sha256', text) : text)

export function toWanted(source: Measurement, all: Expr | undefined): WantedSeries {
  const { policy: _, ...points } = source
  const condition = tagPart(all)
  const text = condition === undefined ? '' : printExpression(condition)
  const whole = `${printMeasurement(points)}\n${text}`
  return { key: toKey(whole), source: points, condition, length: whole.length }
}

/** Counts the series of an hour by some of its rollup's fields: each series has one point there. */
export function toCount(
  { source, condition }: WantedSeries,
  fields: readonly string[],
  nowMs: number,
): Statement {
  const endMs = Math.floor((nowMs - madeMs) / hourMs) * hourMs
  const select: SelectStatement = {
    kind: 'select',
    fields: fields.map((name) => ({
      expr: { kind: 'call', name: 'count', args: [{ kind: 'reference', name }] },
    })),
    sources: [{ ...source, policy: '1h' }],
    ...(condition === undefined ? {} : { condition }),
    ...{ dimensions: [], fill: { kind: 'null' }, sortFields: [] },
    ...{ limit: 0, offset: 0, seriesLimit: 0, seriesOffset: 0 },
  }
  const toNs = (ms: number): bigint => BigInt(ms) * 1_000_000n
  return withRange(select, { minNs: toNs(endMs - hourMs), maxNs: toNs(endMs) - 1n })
}
