import type { Expr } from '../expression.ts'
import type { Field } from '../tree.ts'

function partsOf(expr: Expr): string[] {
  switch (expr.kind) {
    case 'reference':
    case 'call':
      return [expr.name]
    case 'binary':
      return [...partsOf(expr.left), ...partsOf(expr.right)]
    case 'paren':
      return partsOf(expr.expr)
    case 'distinct':
      return ['distinct']
    case 'boolean':
    case 'duration':
    case 'integer':
    case 'number':
    case 'regex':
    case 'string':
    case 'unsigned':
    case 'wildcard':
      return []
  }
}

/** The name of a column that has no alias: of its field, its function, or all of both in an expression. */
export function nameOfField({ expr, alias }: Field): string {
  return alias ?? partsOf(expr).join('_')
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
