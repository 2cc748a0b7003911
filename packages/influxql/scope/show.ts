import { RE2JS } from 're2js'
import type { Expr } from '../expression.ts'
import { keyTest } from '../key-filter.ts'
import type {
  KeyFilter,
  ShowCardinalityStatement,
  ShowFieldKeysStatement,
  ShowMeasurementsStatement,
  ShowSeriesStatement,
  ShowTagKeysStatement,
  ShowTagValuesStatement,
} from '../tree.ts'
import type { Scope } from './caller-scope.ts'
import { notAuthorized } from './error.ts'
import { guarded } from './guard.ts'
import { ownTags } from './names.ts'
import { requireDatabase, scopeMeasurement, scopePolicy } from './source.ts'

type Listing =
  | ShowCardinalityStatement
  | ShowFieldKeysStatement
  | ShowSeriesStatement
  | ShowTagKeysStatement
  | ShowTagValuesStatement

/** The condition behind the guard; with grants, its names are tags. */
export function guardedShow({ condition }: { readonly condition?: Expr }, scope: Scope): Expr {
  const own = condition === undefined || scope.deployments === undefined
  return guarded(own ? condition : ownTags(condition), scope)
}

/** The listing without database, its sources scoped; its condition is the caller's business. */
export function scopeSources<T extends Listing>(statement: T, scope: Scope): T {
  const { database, ...rest } = statement
  requireDatabase(database, scope.database)
  const sources = statement.sources.map((source) => scopeMeasurement(source, scope))
  return { ...rest, sources } as unknown as T
}

export function scopeShowMeasurements(
  statement: ShowMeasurementsStatement,
  scope: Scope,
): ShowMeasurementsStatement {
  const { database, policy, source, ...rest } = statement
  if (statement.anyDatabase) throw notAuthorized("statement 'SHOW MEASUREMENTS ON *'")
  requireDatabase(database, scope.database)
  // InfluxDB intersects measurements, not series: the answer would tell what other deployments have.
  if (scope.deployments !== undefined && statement.condition !== undefined)
    throw notAuthorized("statement 'SHOW MEASUREMENTS WHERE' with grants of deployments")
  return {
    ...rest,
    ...scopePolicy(policy),
    anyPolicy: false,
    ...(source === undefined ? {} : { source: scopeMeasurement(source, scope) }),
    condition: guarded(statement.condition, scope),
  }
}

/** What counts a whole database, or fields, takes no condition: it is that of the tenant's database. A caller with grants may count series only, which a condition filters one by one. */
export function scopeCardinality(
  statement: ShowCardinalityStatement,
  scope: Scope,
): ShowCardinalityStatement {
  const { of, condition } = statement
  const filter = statement.filter === undefined ? undefined : withoutStamp(statement.filter)
  const name = `statement 'SHOW ${of.toUpperCase()} CARDINALITY'`
  if (scope.deployments !== undefined && !countsOwnAlone(statement))
    throw notAuthorized(`${name} with grants of deployments`)
  if (of === 'field key' && condition !== undefined) throw notAuthorized(`${name} with a condition`)
  // Only a condition would leave the tag of the tenant out of the count.
  if (filter !== undefined && keyTest(filter)('tenant'))
    throw notAuthorized(`${name} of a key that every series has`)
  const scoped = {
    ...scopeSources(statement, scope),
    ...(filter === undefined ? {} : { filter }),
  }
  const isWhole = of === 'field key' || isEstimate(statement)
  if (isWhole && scope.deployments === undefined) return scoped
  return { ...scoped, condition: guardedShow(statement, scope) }
}

/** Whether a condition filters all that the answer tells, one by one: `*` and a regex stand for the tags of all series, whichever are counted. */
const countsOwnAlone = ({ of, dimensions }: ShowCardinalityStatement): boolean =>
  of === 'series' && dimensions.every(({ kind }) => kind === 'reference')

/** What names keys by what they are not leaves out the tag of the tenant, too. */
function withoutStamp(filter: KeyFilter): KeyFilter {
  switch (filter.kind) {
    case 'not equal':
      return { kind: 'no match', regex: `^(?:${RE2JS.quote(filter.key)}|tenant)$` }
    case 'no match':
      return { kind: 'no match', regex: `(?:${filter.regex})|^tenant$` }
    case 'equal':
    case 'in':
    case 'match':
      return filter
  }
}

/** A condition would turn it into a count by measurement, in other columns. */
function isEstimate({ of, exact, ...clauses }: ShowCardinalityStatement): boolean {
  const isPlain =
    clauses.condition === undefined &&
    clauses.dimensions.length === 0 &&
    clauses.sources.length === 0
  return isPlain && !exact && (of === 'series' || of === 'measurement')
}
