import { reduceExpression } from '../reduce.ts'
import type { SelectStatement } from '../tree.ts'

/** A SELECT with its fields and dimensions as the reference reduces them before it looks at them, and so all queries within it. */
export function reduceSelect(select: SelectStatement): SelectStatement {
  const fields = select.fields.map((field) => ({
    ...field,
    expr: reduceExpression(field.expr, { hasMath: true }),
  }))
  const dimensions = select.dimensions.map((dimension) => reduceExpression(dimension, {}))
  const sources = select.sources.map((source) =>
    source.kind === 'subquery' ? { ...source, select: reduceSelect(source.select) } : source,
  )
  return { ...select, fields, dimensions, sources }
}
