import type { Expr } from '../../expression.ts'
import type { Field } from '../../tree.ts'
import { partsOf } from '../../walk.ts'

/** A call names itself and not what it is given. */
function namesIn(expr: Expr): string[] {
  if (expr.kind === 'reference' || expr.kind === 'call') return [expr.name]
  return expr.kind === 'distinct' ? [expr.kind] : partsOf(expr).flatMap(namesIn)
}

/** The name of a column that has no alias: of its field, its function, or all of both in an expression. */
export function nameOfField({ expr, alias }: Field): string {
  return alias ?? namesIn(expr).join('_')
}

/** The columns after time. Aliases stay as they are; a generated name that is taken gets a number. */
export function columnNames(fields: readonly Field[]): string[] {
  const taken = new Map<string, number>()
  for (const { alias } of fields) if (alias !== undefined) taken.set(alias, 1)
  return fields.map((field) => field.alias ?? freeName(nameOfField(field), taken))
}

function freeName(wanted: string, taken: Map<string, number>): string {
  let name = wanted
  let count = taken.get(wanted)
  if (count !== undefined) {
    while (taken.has(`${wanted}_${count}`)) count++
    name = `${wanted}_${count}`
    taken.set(wanted, count + 1)
  }
  taken.set(name, (taken.get(name) ?? 0) + 1)
  return name
}
