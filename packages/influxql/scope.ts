import type { Expr } from './expression.ts'
import type { RollupName } from './policy.ts'
import { notAuthorized } from './scope-error.ts'
import { requireDatabase, scopeMeasurement, scopePolicy } from './scope-source.ts'
import type {
  Measurement,
  SelectStatement,
  ShowFieldKeysStatement,
  ShowMeasurementsStatement,
  ShowSeriesStatement,
  ShowTagKeysStatement,
  ShowTagValuesStatement,
  Statement,
  Subquery,
} from './tree.ts'

const accepted = [
  'select',
  'show measurements',
  'show series',
  'show tag keys',
  'show tag values',
  'show field keys',
  'show retention policies',
  'show databases',
] as const

type Accepted = Extract<Statement, { readonly kind: (typeof accepted)[number] }>

/** What a data source and its query editor need. Everything else is refused. */
function isAccepted(statement: Statement): statement is Accepted {
  return accepted.some((kind) => kind === statement.kind)
}

export interface Scope {
  /** What clients call the only database they have. */
  readonly database: string
  readonly tenant: string
  /** Of measurements that name none; absent is that of raw points. */
  readonly policy?: RollupName | undefined
}

/**
 * The statement as its tenant may run it: no database, no retention policy but those of rollups, and `tenant::tag = '…'` in every SELECT that
 * names a measurement and every SHOW that takes a condition. Only SELECT without INTO and the SHOW statements of a query
 * editor are accepted. Throws `ScopeError`.
 */
export function scopeStatement(statement: Statement, scope: Scope): Statement {
  if (!isAccepted(statement)) throw notAuthorized(`statement '${statement.kind.toUpperCase()}'`)
  switch (statement.kind) {
    case 'select':
      return scopeSelect(statement, scope)
    case 'show measurements':
      return scopeShowMeasurements(statement, scope)
    case 'show series':
    case 'show tag keys':
    case 'show tag values':
      return { ...scopeSources(statement, scope), condition: guarded(statement.condition, scope) }
    case 'show field keys':
      return scopeSources(statement, scope)
    case 'show retention policies':
      requireDatabase(statement.database, scope.database)
      return { kind: statement.kind }
    case 'show databases':
      return statement
  }
}

function scopeSelect(select: SelectStatement, scope: Scope): SelectStatement {
  if (select.into !== undefined) throw notAuthorized("statement 'SELECT INTO'")
  const measurements = select.sources.filter((source) => source.kind === 'measurement')
  const subqueries = select.sources.filter((source) => source.kind === 'subquery')
  if (subqueries.length === 0) return scopeMeasurements(select, measurements, scope)
  // One condition would have to serve both: the predicate of one source filters nothing useful in the other.
  if (measurements.length > 0)
    throw notAuthorized('a SELECT from both a measurement and a subquery')
  return { ...select, sources: subqueries.map((source) => scopeSubquery(source, scope)) }
}

function scopeSubquery({ kind, select }: Subquery, scope: Scope): Subquery {
  return { kind, select: scopeSelect(select, scope) }
}

function scopeMeasurements(
  select: SelectStatement,
  measurements: readonly Measurement[],
  scope: Scope,
): SelectStatement {
  const sources = measurements.map((source) => scopeMeasurement(source, scope))
  return { ...select, sources, condition: guarded(select.condition, scope) }
}

/** The cast makes it the tag even where a field has its name; the parentheses keep an OR inside. */
function guarded(condition: Expr | undefined, { tenant }: Scope): Expr {
  const left: Expr = { kind: 'reference', name: 'tenant', type: 'tag' }
  const guard: Expr = { kind: 'binary', op: '=', left, right: { kind: 'string', value: tenant } }
  if (condition === undefined) return guard
  return { kind: 'binary', op: 'AND', left: guard, right: { kind: 'paren', expr: condition } }
}

type Listing =
  | ShowFieldKeysStatement
  | ShowSeriesStatement
  | ShowTagKeysStatement
  | ShowTagValuesStatement

function scopeSources<T extends Listing>(statement: T, scope: Scope): T {
  const { database, ...rest } = statement
  requireDatabase(database, scope.database)
  const sources = statement.sources.map((source) => scopeMeasurement(source, scope))
  return { ...rest, sources } as unknown as T
}

function scopeShowMeasurements(
  statement: ShowMeasurementsStatement,
  scope: Scope,
): ShowMeasurementsStatement {
  const { database, policy, source, ...rest } = statement
  if (statement.anyDatabase) throw notAuthorized("statement 'SHOW MEASUREMENTS ON *'")
  requireDatabase(database, scope.database)
  return {
    ...rest,
    ...scopePolicy(policy),
    anyPolicy: false,
    ...(source === undefined ? {} : { source: scopeMeasurement(source, scope) }),
    condition: guarded(statement.condition, scope),
  }
}
