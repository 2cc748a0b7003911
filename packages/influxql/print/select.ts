import type { Field, SelectStatement, Source } from '../tree.ts'
import {
  joined,
  list,
  printCount,
  printFill,
  printGroupBy,
  printMeasurement,
  printOrderBy,
  printPaging,
  printTimeZone,
  printWhere,
} from './clauses.ts'
import { printExpression } from './expression.ts'
import { printName } from './name.ts'

function printField({ expr, alias }: Field): string {
  const printed = printExpression(expr)
  return alias === undefined ? printed : `${printed} AS ${printName(alias)}`
}

function printSource(source: Source): string {
  return source.kind === 'measurement'
    ? printMeasurement(source)
    : `(${printSelect(source.select)})`
}

export function printSelect(select: SelectStatement): string {
  return joined(
    `SELECT ${list(select.fields, printField)}`,
    select.into === undefined ? '' : `INTO ${printMeasurement(select.into)}`,
    `FROM ${list(select.sources, printSource)}`,
    printWhere(select.condition),
    printGroupBy(select.dimensions),
    printFill(select.fill),
    printOrderBy(select.sortFields),
    printPaging(select),
    printCount('SLIMIT', select.seriesLimit),
    printCount('SOFFSET', select.seriesOffset),
    printTimeZone(select.timeZone),
  )
}
