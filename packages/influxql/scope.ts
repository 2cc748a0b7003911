import type { Scope } from './scope/caller-scope.ts'
import { notAuthorized } from './scope/error.ts'
import { guarded } from './scope/guard.ts'
import { withOwnNames } from './scope/names.ts'
import { bySeriesName } from './scope/series-name.ts'
import { guardedShow, scopeCardinality, scopeShowMeasurements, scopeSources } from './scope/show.ts'
import { requireDatabase, scopeMeasurement } from './scope/source.ts'
import type { Measurement, SelectStatement, Statement, Subquery } from './tree.ts'

const accepted = [
  'select',
  'show measurements',
  'show series',
  'show tag keys',
  'show tag values',
  'show field keys',
  'show cardinality',
  'show retention policies',
  'show databases',
] as const

type Accepted = Extract<Statement, { readonly kind: (typeof accepted)[number] }>

/** What a data source, its query editor and its variables need. Everything else is refused. */
function isAccepted(statement: Statement): statement is Accepted {
  return accepted.some((kind) => kind === statement.kind)
}

/**
 * The statement as its caller may run it: no database, no retention policy but those of rollups, and `tenant::tag = '…'` (and, of a caller with
 * grants, `deployment::tag = '…' OR …`) in every SELECT that names a measurement and every SHOW that takes a condition. Only SELECT without INTO
 * and the SHOW statements of a query editor are accepted; of a caller with grants, only those that a condition filters series by series, and whose
 * names mean the same whatever other deployments have (`scope/names.ts`).
 * Throws `ScopeError`.
 */
export function scopeStatement(statement: Statement, scope: Scope): Statement {
  if (!isAccepted(statement)) throw notAuthorized(`statement '${statement.kind.toUpperCase()}'`)
  switch (statement.kind) {
    case 'select':
      return scopeSelect(statement, scope, true)
    case 'show measurements':
      return scopeShowMeasurements(statement, scope)
    case 'show series':
    case 'show tag keys':
    case 'show tag values':
      return { ...scopeSources(statement, scope), condition: guardedShow(statement, scope) }
    case 'show field keys':
      // It takes no condition: it would name the fields of all deployments.
      if (scope.deployments !== undefined)
        throw notAuthorized("statement 'SHOW FIELD KEYS' with grants of deployments")
      return scopeSources(statement, scope)
    case 'show cardinality':
      return scopeCardinality(statement, scope)
    case 'show retention policies':
      requireDatabase(statement.database, scope.database)
      return { kind: statement.kind }
    case 'show databases':
      return statement
  }
}

function scopeSelect(select: SelectStatement, scope: Scope, isTop: boolean): SelectStatement {
  if (select.into !== undefined) throw notAuthorized("statement 'SELECT INTO'")
  const measurements = measurementsOf(select)
  const subqueries = select.sources.filter((source) => source.kind === 'subquery')
  if (subqueries.length === 0) {
    const named = scope.hasSeriesNames === true ? bySeriesName(select, measurements) : select
    const own = scope.deployments === undefined ? named : withOwnNames(named, isTop)
    return scopeMeasurements(own, scope)
  }
  // One condition would have to serve both: the predicate of one source filters nothing useful in the other.
  if (measurements.length > 0)
    throw notAuthorized('a SELECT from both a measurement and a subquery')
  return { ...select, sources: subqueries.map((source) => scopeSubquery(source, scope)) }
}

function scopeSubquery({ kind, select }: Subquery, scope: Scope): Subquery {
  return { kind, select: scopeSelect(select, scope, false) }
}

function scopeMeasurements(select: SelectStatement, scope: Scope): SelectStatement {
  const sources = measurementsOf(select).map((source) => scopeMeasurement(source, scope))
  return { ...select, sources, condition: guarded(select.condition, scope) }
}

const measurementsOf = ({ sources }: SelectStatement): readonly Measurement[] =>
  sources.filter((source) => source.kind === 'measurement')
