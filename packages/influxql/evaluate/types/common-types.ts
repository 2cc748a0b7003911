import type { Expr } from '../../expression.ts'
import { mapReferences } from '../expressions/references.ts'
import type { Table } from '../frame.ts'
import type { FieldType } from '../source.ts'

/** The first of these that it has anywhere is the type of a field (influxql's `DataType.LessThan`). */
const strongestFirst: readonly FieldType[] = ['float', 'integer', 'string', 'boolean']

/** The type of a field that has both. */
export const strongerType = (one: FieldType, other: FieldType | undefined): FieldType =>
  other !== undefined && strongestFirst.indexOf(other) < strongestFirst.indexOf(one) ? other : one

/** Fields that not all of a query's sources have, or not with one type, each with the type that the query means. */
export function commonTypes(
  sources: readonly { readonly table: Table }[],
  types: ReadonlyMap<string, FieldType>,
): ReadonlyMap<string, FieldType> {
  return new Map(
    [...types].filter(([name, type]) =>
      sources.some(({ table }) => table.fields.get(name) !== type),
    ),
  )
}

/** The expression with each of these fields read as its type: a source that has it as what cannot be that has none. */
export function withCommonTypes<E extends Expr | undefined>(
  expr: E,
  types: ReadonlyMap<string, FieldType>,
): Expr | E {
  if (expr === undefined || types.size === 0) return expr
  return mapReferences(expr, (reference) => {
    const type = types.get(reference.name)
    const isOpen = reference.type === undefined || reference.type === 'field'
    return type === undefined || !isOpen ? reference : { ...reference, type }
  })
}
