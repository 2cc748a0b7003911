import type { Expr } from '@warren/influxql/expression'
import { printExpression } from '@warren/influxql/print/expression'
import type { RollupName } from '@warren/influxql/rollup-policy'
import { timeRangeOf } from '@warren/influxql/time-range'
import type { Measurement, SelectStatement, Statement } from '@warren/influxql/tree'
import { walkExpression } from '@warren/influxql/walk'
import { type Rollable, rolledField } from './rollable.ts'

/** Names of fields that a rollup has of a measurement, or of several. */
export type RollupFields = ReadonlySet<string>

/** Asks a rollup for the names of its fields. */
export function fieldKeysOf(policy: RollupName, source: Measurement): Statement {
  return {
    kind: 'show field keys',
    sources: [{ ...source, policy }],
    ...{ sortFields: [], limit: 0, offset: 0 },
  }
}

/** A rollup has the last value of every field, and sums of numbers alone. */
const isKept = (field: string, fields: RollupFields): boolean => fields.has(`${field}_last`)
const isNumber = (field: string, fields: RollupFields): boolean => fields.has(`${field}_sum`)

function partsOf(expr: Expr): readonly Expr[] {
  const parts: Expr[] = []
  walkExpression(expr, (part) => parts.push(part))
  return parts
}

/** Whether the rollup has something of what is asked for. */
export const concerns = ({ columns }: Rollable, fields: RollupFields): boolean =>
  columns.some(({ expr }) =>
    partsOf(expr).some((part) => {
      const field = part.kind === 'call' ? rolledField(part)?.name : undefined
      return field !== undefined && isKept(field, fields)
    }),
  )

/** What a rollup with these fields cannot answer though the query has the form for it; undefined: nothing. */
export function faultWith({ select, columns }: Rollable, fields: RollupFields): string | undefined {
  for (const part of columns.flatMap(({ expr }) => partsOf(expr))) {
    const field = part.kind === 'call' ? rolledField(part)?.name : undefined
    if (part.kind !== 'call' || field === undefined || part.name === 'last') continue
    if (isKept(field, fields) && !isNumber(field, fields))
      return `${printExpression(part)} of what is no number`
  }
  const field = fieldInCondition(select, fields)
  return field === undefined ? undefined : `a condition on the field ${field}`
}

function fieldInCondition(
  { condition, timeZone }: SelectStatement,
  fields: RollupFields,
): string | undefined {
  const { condition: left } = timeRangeOf(condition, 0n, timeZone)
  if (left === undefined) return undefined
  for (const part of partsOf(left))
    if (part.kind === 'reference' && part.type !== 'tag' && isKept(part.name, fields))
      return part.name
  return undefined
}

const mostProbed = 20

/** The fields of a rollup in which a statement would find something: of those that it names, or of any where it names none. */
export function probedFields(select: SelectStatement, fields: RollupFields): readonly string[] {
  const exprs = allFields(select).flatMap(partsOf)
  const isOpen = exprs.some(({ kind }) => kind === 'wildcard' || kind === 'regex')
  const named = exprs.flatMap((part) =>
    part.kind === 'reference' || part.kind === 'distinct' ? [`${part.name}_last`] : [],
  )
  const lasts = isOpen ? [...fields].filter((name) => name.endsWith('_last')) : named
  return [...new Set(lasts)].filter((name) => fields.has(name)).slice(0, mostProbed)
}

const allFields = ({ fields, sources }: SelectStatement): readonly Expr[] => [
  ...fields.map(({ expr }) => expr),
  ...sources.flatMap((source) => (source.kind === 'subquery' ? allFields(source.select) : [])),
]
