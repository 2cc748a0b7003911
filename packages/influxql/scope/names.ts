import { mapReferences } from '../evaluate/expressions/references.ts'
import type { Call, CastType, Expr, Reference } from '../expression.ts'
import type { Field, SelectStatement } from '../tree.ts'
import { walkExpression, withParts } from '../walk.ts'
import { notAuthorized } from './error.ts'
import { checkOwnTypes } from './types.ts'

/**
 * Names of a caller with grants. InfluxDB decides by the whole measurement what a name is: a field where any series has one of that name, of the type
 * that any series gave it, else a tag. So other deployments would change what a name means, which errors it makes and what `*` stands for. For such a
 * caller a name means what its place says, by a cast:
 * - compared with a text or a regex it is a tag, else a field;
 * - a field is of the type that it is compared with; one that is calculated with is a float; one that is only shown, or counted, is as it was stored in the one measurement, of several a float;
 *   one that is shown where gaps are filled with a number is a float, too: InfluxDB fills the column of a field that some series has, and leaves that of an unknown one null.
 * A cast of the caller's own stays, unless it fits nothing (`types.ts`), and what stands for unnamed names is refused.
 */

const withGrants = 'with grants of deployments: name what you want'

/** Takes and gives values of any type. */
const keepsType: ReadonlySet<string> = new Set(['first', 'last', 'mode', 'distinct', 'sample'])
/** Takes values of any type and gives numbers. */
const takesAny: ReadonlySet<string> = new Set(['count', 'elapsed'])

const isTime = ({ name }: Reference): boolean => name.toLowerCase() === 'time'

/** Without a type, or with one that leaves it to the store. */
const isOpen = ({ type }: Reference): boolean => type === undefined || type === 'field'

const cast = (reference: Reference, type: CastType): Reference =>
  isTime(reference) || !isOpen(reference) ? reference : { ...reference, type }

/** A SELECT from measurements. Throws `ScopeError` for names that stand for others and types that do not fit. */
export function withOwnNames(select: SelectStatement, isTop: boolean): SelectStatement {
  refuseOpenNames(select)
  const [source, ...others] = select.sources
  // Of several measurements a field has the type that some of them gives it, and so has a query around this one.
  const isOfOne = source?.kind === 'measurement' && source.name !== undefined && others.length === 0
  const types: OpenTypes = {
    shown: isTop && isOfOne && select.fill.kind !== 'number' ? 'field' : 'float',
    counted: isOfOne ? 'field' : 'float',
  }
  const fields = select.fields.map((field) => ({ ...field, expr: withTypes(field.expr, types) }))
  checkOwnTypes(fields)
  return {
    ...select,
    fields,
    ...(select.condition === undefined ? {} : { condition: ownCondition(select.condition) }),
  }
}

function refuseOpenNames({ fields, dimensions }: SelectStatement): void {
  if (fields.some(hasOpenName)) throw notAuthorized(`'*' or a regex of fields ${withGrants}`)
  if (dimensions.some(({ kind }) => kind === 'wildcard' || kind === 'regex'))
    throw notAuthorized(`'GROUP BY' of '*' or a regex ${withGrants}`)
}

function hasOpenName({ expr }: Field): boolean {
  let found = false
  walkExpression(expr, ({ kind }) => {
    found ||= kind === 'wildcard' || kind === 'regex'
  })
  return found
}

/** Of names without a type of their own that are not calculated with. */
interface OpenTypes {
  readonly shown: CastType
  readonly counted: CastType
}

function withTypes(expr: Expr, types: OpenTypes): Expr {
  const { shown } = types
  if (expr.kind === 'reference') return cast(expr, shown)
  if (expr.kind === 'distinct')
    return {
      kind: 'call',
      name: 'distinct',
      args: [{ kind: 'reference', name: expr.name, type: shown }],
    }
  if (expr.kind === 'call') return withTypesOfCall(expr, types)
  const type = expr.kind === 'binary' ? 'float' : shown
  return withParts(expr, (part) => withTypes(part, { ...types, shown: type }))
}

function withTypesOfCall(call: Call, types: OpenTypes): Call {
  const { name, args } = call
  const kept = keepsType.has(name) ? types.shown : 'float'
  const type = takesAny.has(name) ? types.counted : kept
  const isRanked = name === 'top' || name === 'bottom'
  // `top(usage, host, 3)` is asked for with tags.
  return {
    ...call,
    args: args.map((arg, at) =>
      withTypes(arg, { ...types, shown: isRanked && at > 0 ? 'tag' : type }),
    ),
  }
}

/** The condition of a SELECT. */
function ownCondition(expr: Expr): Expr {
  if (expr.kind === 'paren') return { ...expr, expr: ownCondition(expr.expr) }
  if (expr.kind !== 'binary') return mapReferences(expr, (one) => cast(one, 'boolean'))
  const { op, left, right } = expr
  if (op === 'AND' || op === 'OR')
    return { ...expr, left: ownCondition(left), right: ownCondition(right) }
  const type = comparedType([left, right])
  // A cast to a field is the caller's word that it is no tag.
  const own = (one: Reference): Reference =>
    cast(one, type === 'string' && one.type === undefined ? 'tag' : type)
  return { ...expr, left: mapReferences(left, own), right: mapReferences(right, own) }
}

/** Of what the sides of a comparison must be to be compared. */
function comparedType(sides: readonly Expr[]): CastType {
  if (sides.some(({ kind }) => kind === 'string' || kind === 'regex')) return 'string'
  return sides.some(({ kind }) => kind === 'boolean') ? 'boolean' : 'float'
}

/** The condition of a SHOW, which knows tags alone. Throws `ScopeError` for a field. */
export function ownTags(condition: Expr): Expr {
  return mapReferences(condition, (reference) => {
    if (isTime(reference) || reference.type === 'tag') return reference
    if (reference.type === undefined) return { ...reference, type: 'tag' }
    throw notAuthorized("a 'SHOW' by a field with grants of deployments")
  })
}
