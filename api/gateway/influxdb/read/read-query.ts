import { publicDatabase } from '@warren/contracts/names'
import { EvaluationError } from '@warren/influxql/evaluation-error'
import { parseQuery } from '@warren/influxql/parse'
import { ControlCharacterError, ParseError } from '@warren/influxql/parse/error'
import { printStatement } from '@warren/influxql/print'
import { readPolicy } from '@warren/influxql/rollup-policy'
import { scopeStatement } from '@warren/influxql/scope'
import { ScopeError } from '@warren/influxql/scope/error'
import { boundWindows } from '@warren/influxql/time/bound-windows'
import type { Statement } from '@warren/influxql/tree'
import type { Principal } from '../../../auth/principal.ts'
import { Refusal } from '../../../http/refusal.ts'
import { toRanged } from '../../cache/snap/ranged.ts'
import type { ScopedQuery } from '../answer-query.ts'
import { priceOf } from '../cost/price.ts'
import type { QueryParameters } from './parameters.ts'

/** A query as who asks it may run it. */
export interface ReadQuery {
  readonly query: ScopedQuery
  /** Prints the scoped trees. */
  readonly text: () => string
  /** What `text` holds on to is no more than some kilobytes. */
  readonly isTextLight?: boolean
  /** In units. */
  readonly cost: number
  /** Only comments, or nothing between semicolons. */
  readonly isEmpty: boolean
}

/** 403 for what may not be asked, 400 for what cannot be (decision 72). */
function toRefusal(error: unknown): unknown {
  if (error instanceof ControlCharacterError || error instanceof ScopeError)
    return new Refusal('forbidden', error.message)
  if (error instanceof ParseError || error instanceof EvaluationError)
    return new Refusal('bad_request', error.message)
  return error
}

/** Whose statements they are: what they may be about. */
export interface Rights extends Pick<Principal, 'tenant' | 'deployments'> {
  /** As in a scope. */
  readonly hasSeriesNames?: boolean
}

/** The statements, scoped to the tenant and its deployments. Throws as the language's functions do. */
export function readScoped(
  { text, database, bound, policy }: QueryParameters,
  { tenant, deployments, hasSeriesNames }: Rights,
): readonly Statement[] {
  const scope = {
    ...{ database: publicDatabase, tenant, deployments, hasSeriesNames },
    policy: policy === undefined ? undefined : readPolicy(policy),
  }
  const statements = parseQuery(text, { parameters: bound })
  requireDatabase(statements, database)
  return statements.map((each) => scopeStatement(each, scope))
}

/** Only SHOW DATABASES asks of none; clients send it before one is chosen. */
function requireDatabase(statements: readonly Statement[], database: string | undefined): void {
  if (database === undefined && statements.some(({ kind }) => kind !== 'show databases'))
    throw new Refusal('bad_request', 'database name required')
}

/** The statements as they may be run. Throws a `Refusal` that names the first that it may not. */
function readStatements(
  parameters: QueryParameters,
  rights: Rights,
  nowNs: bigint,
): readonly Statement[] {
  try {
    const all = readScoped(parameters, rights)
    for (const statement of all) boundWindows(statement, nowNs)
    return all
  } catch (error) {
    throw toRefusal(error)
  }
}

/** Throws a `Refusal`. */
export function readQuery(parameters: QueryParameters, rights: Rights, nowNs: bigint): ReadQuery {
  const statements = readStatements(parameters, rights, nowNs)
  return {
    query: {
      ...{ statements, epoch: parameters.epoch, nowNs, mayBeBytes: true },
      // Here once: who prices, plans, moves and caches it reads no condition again.
      ranged: toRanged(statements, nowNs),
    },
    text: () => statements.map(printStatement).join('; '),
    cost: priceOf(statements, { nowNs }),
    isEmpty: statements.length === 0,
  }
}
