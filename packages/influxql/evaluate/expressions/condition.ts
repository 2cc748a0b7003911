import { equalTags } from '../../equal-tags.ts'
import type { Binary, Expr, Reference } from '../../expression.ts'
import type { FrameRow, Table } from '../frame.ts'
import { type Compiled, compileExpression } from './compile-expression.ts'
import { fieldValue } from './field-value.ts'
import { mapReferences, referencesIn } from './references.ts'

type Tags = ReadonlyMap<string, string>

/** A name without a cast is the field where there is one, else a tag. */
export function isField({ name, type }: Reference, table: Table): boolean {
  if (type === 'tag') return table.tagFields?.has(name) === true
  return type !== undefined || table.fields.has(name)
}

/** Whether an expression is nothing but a tag. */
export function isTag(expr: Expr, { fields, tagFields }: Table): boolean {
  if (expr.kind !== 'reference') return false
  const { name, type } = expr
  return (
    type === 'tag' || (type === undefined && (!fields.has(name) || tagFields?.has(name) === true))
  )
}

export interface Condition {
  /** False when no row of a series with these tags can match. */
  readonly mayMatch: (tags: Tags) => boolean
  /** Values that tags have in each series that may match, none empty: a store finds those with an index. */
  readonly equals: Tags
  /** Absent when the tags alone decide. */
  readonly matches?: Compiled<FrameRow>
  readonly fields: readonly string[]
}

/** The condition over the rows of one table; it holds no time any more. */
export function compileCondition(condition: Expr | undefined, table: Table): Condition {
  if (condition === undefined) return { mayMatch: () => true, equals: new Map(), fields: [] }
  const expr = withName(condition, table)
  const fields = new Set<string>()
  const matches = compileExpression<FrameRow>(expr, (part) => {
    if (part.kind !== 'reference') return undefined
    const { name } = part
    if (!isField(part, table)) return ({ frame }) => frame.tags.get(name) ?? ''
    fields.add(name)
    return fieldValue(part, table) ?? (() => null)
  })
  const mayMatch = compileTags(expr, table)
  const equals = equalsOf(expr, table)
  return fields.size === 0
    ? { mayMatch, equals, fields: [] }
    : { mayMatch, equals, matches, fields: [...fields] }
}

/** Of a tag that is to have two values either will do: no series has both. An empty value is also that of a series without the tag. */
const equalsOf = (expr: Expr, { fields, tagFields }: Table): Tags =>
  new Map(
    [...equalTags(expr)].filter(
      ([name, value]) => value !== '' && !fields.has(name) && tagFields?.has(name) !== true,
    ),
  )

/** InfluxDB knows a measurement's name as the tag `_name`. */
export function withName(condition: Expr, { name }: Table): Expr {
  return mapReferences(condition, (reference) =>
    reference.name === '_name' ? { kind: 'string', value: name } : reference,
  )
}

/** True unless the tags alone make the expression false. */
function compileTags(expr: Expr, table: Table): (tags: Tags) => boolean {
  if (expr.kind === 'paren') return compileTags(expr.expr, table)
  if (expr.kind === 'binary' && (expr.op === 'AND' || expr.op === 'OR'))
    return compileLogical(expr, table)
  if (mentionsField(expr, table)) return () => true
  const test = compileExpression<Tags>(expr, (part) =>
    part.kind === 'reference' ? (tags) => tags.get(part.name) ?? '' : undefined,
  )
  return (tags) => test(tags) === true
}

function compileLogical({ op, left, right }: Binary, table: Table): (tags: Tags) => boolean {
  const first = compileTags(left, table)
  const second = compileTags(right, table)
  return op === 'AND'
    ? (tags) => first(tags) && second(tags)
    : (tags) => first(tags) || second(tags)
}

function mentionsField(expr: Expr, table: Table): boolean {
  return referencesIn(expr).some((reference) => isField(reference, table))
}
