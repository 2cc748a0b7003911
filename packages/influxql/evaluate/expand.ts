import type { Call, Expr, Reference } from '../expression.ts'
import type { Field } from '../tree.ts'
import { matcherOf } from './expressions/compile-expression.ts'
import { nameOfField } from './expressions/field-name.ts'
import type { FieldType } from './source.ts'

/** Everything a wildcard can stand for. */
export interface Names {
  readonly fields: ReadonlyMap<string, FieldType>
  /** Without hidden tags. */
  readonly tagKeys: ReadonlySet<string>
  /** Fields that are nothing but tags of what a subquery reads. */
  readonly tagFields: ReadonlySet<string>
}

const byName = (a: string, b: string) => (a < b ? -1 : 1)

/** Tags by which rows are grouped. */
export function expandDimensions(
  dimensions: readonly Expr[],
  { tagKeys }: Pick<Names, 'tagKeys'>,
): string[] {
  const keys = new Set(dimensions.flatMap((dimension) => keysOf(dimension, [...tagKeys])))
  return [...keys].sort(byName)
}

function keysOf(dimension: Expr, tagKeys: readonly string[]): readonly string[] {
  if (dimension.kind === 'reference') return [dimension.name]
  if (dimension.kind === 'wildcard') return tagKeys
  return dimension.kind === 'regex' ? tagKeys.filter(matcherOf(dimension.source)) : []
}

/** The fields with every `*` and regex replaced; tags that rows are grouped by are not selected again, and none at all where the grouping
 *  itself has a `*` or regex. */
export function expandFields(
  fields: readonly Field[],
  names: Names,
  { keys, isOpen }: { readonly keys: readonly string[]; readonly isOpen: boolean },
): Field[] {
  const free = new Set(isOpen ? [] : names.tagKeys)
  for (const key of keys) free.delete(key)
  const all = { ...names, tagKeys: free }
  return fields.flatMap((field) => expandField(field, all))
}

function expandField(field: Field, names: Names): Field[] {
  const { expr } = field
  if (expr.kind === 'wildcard' || expr.kind === 'regex')
    return expandReferences(expr, names).map((reference) => ({ expr: reference }))
  return expr.kind === 'call' ? expandCall(field, expr, names) : [field]
}

function expandReferences(expr: Expr, { fields, tagKeys, tagFields }: Names): Reference[] {
  const matches = expr.kind === 'regex' ? matcherOf(expr.source) : () => true
  const only = expr.kind === 'wildcard' ? expr.type : undefined
  const isAsked = (name: string) =>
    matches(name) && (only === undefined || (only === 'tag') === tagFields.has(name))
  const named = [...fields.keys()].filter(isAsked)
  const tagged = only === 'field' ? [] : [...tagKeys].filter(matches)
  const references: Reference[] = [
    ...named.map((name) => ({ kind: 'reference' as const, name })),
    ...tagged.map((name) => toTag(name, fields)),
  ]
  return references.sort((a, b) => (a.name === b.name ? 0 : byName(a.name, b.name)))
}

/** Where a field has the same name, the name alone is the field. */
function toTag(name: string, fields: Names['fields']): Reference {
  return fields.has(name) ? { kind: 'reference', name, type: 'tag' } : { kind: 'reference', name }
}

const ofEveryType: ReadonlySet<string> = new Set([
  'count',
  'first',
  'last',
  'distinct',
  'elapsed',
  'mode',
  'sample',
])
const ofBooleans: ReadonlySet<string> = new Set(['min', 'max'])

/** Whether the function has a meaning for values of the type. */
export function takesType(name: string, type: FieldType): boolean {
  if (type === 'float' || type === 'integer') return true
  return ofEveryType.has(name) || (type === 'boolean' && ofBooleans.has(name))
}

/** The call within calls whose first argument is no call. */
export function innermost(call: Call): Call {
  const [first] = call.args
  return first?.kind === 'call' ? innermost(first) : call
}

function withArgument(call: Call, argument: Expr): Call {
  const [first, ...rest] = call.args
  return {
    ...call,
    args: [first?.kind === 'call' ? withArgument(first, argument) : argument, ...rest],
  }
}

function expandCall(field: Field, call: Call, { fields, tagFields }: Names): Field[] {
  const inner = innermost(call)
  const [argument] = inner.args
  if (argument?.kind !== 'wildcard' && argument?.kind !== 'regex') return [field]
  if (argument.kind === 'wildcard' && argument.type === 'tag') return []
  const usable = [...fields].filter(
    ([name, type]) => !tagFields.has(name) && takesType(inner.name, type),
  )
  const names = { fields: new Map(usable), tagKeys: new Set<string>(), tagFields }
  return expandReferences(argument, names).map((reference) => ({
    expr: withArgument(call, reference),
    alias: `${nameOfField(field)}_${reference.name}`,
  }))
}
