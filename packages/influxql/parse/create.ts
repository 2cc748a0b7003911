import { printDuration } from '../time/duration.ts'
import { groupIntervalOf, timeDimensionOf } from '../time/group-interval.ts'
import type { Cursor } from '../tokens/cursor.ts'
import type {
  CreateContinuousQueryStatement,
  CreateSubscriptionStatement,
  CreateUserStatement,
  SelectStatement,
} from '../tree.ts'
import { walkExpression } from '../walk.ts'
import { ParseError } from './error.ts'
import { takePlacedDuration } from './literal.ts'
import { parseSelect } from './select.ts'

/** After CREATE CONTINUOUS QUERY. */
export function parseCreateContinuousQuery(cursor: Cursor): CreateContinuousQueryStatement {
  const name = cursor.identifier()
  cursor.expect('ON')
  const database = cursor.identifier()
  const resample = parseResample(cursor)
  cursor.expect('BEGIN')
  const select = parseSelect(cursor, { needsInto: true })
  const problem = intervalProblem(select)
  if (hasCall(select) && (problem !== undefined || groupIntervalOf(select.dimensions) === 0n))
    throw cursor.unexpectedLast('GROUP BY time(...)', ...(problem === undefined ? [] : [problem]))
  cursor.expect('END')
  if (problem !== undefined) throw new ParseError(problem)
  requireReach(resample, groupIntervalOf(select.dimensions))
  return { kind: 'create continuous query', name, database, ...resample, select }
}

/** Why `time(…)` tells no interval. */
function intervalProblem({ dimensions }: SelectStatement): string | undefined {
  const call = timeDimensionOf(dimensions)
  if (call === undefined) return undefined
  if (call.args.length < 1 || call.args.length > 2)
    return 'time dimension expected 1 or 2 arguments'
  return call.args[0]?.kind === 'duration'
    ? undefined
    : 'time dimension must have duration argument'
}

function hasCall({ fields }: SelectStatement): boolean {
  let found = false
  for (const { expr } of fields)
    walkExpression(expr, ({ kind }) => {
      if (kind === 'call') found = true
    })
  return found
}

interface Resample {
  readonly everyNs?: bigint
  readonly forNs?: bigint
}

/** A duration of nothing is none. */
function parseResample(cursor: Cursor): Resample {
  if (!cursor.accept('RESAMPLE')) return {}
  const everyNs = cursor.accept('EVERY') ? takePlacedDuration(cursor) : 0n
  const forNs = cursor.accept('FOR') ? takePlacedDuration(cursor) : 0n
  if (everyNs === 0n && forNs === 0n) throw cursor.unexpected('EVERY', 'FOR')
  return { ...(everyNs === 0n ? {} : { everyNs }), ...(forNs === 0n ? {} : { forNs }) }
}

/** A run must cover at least one interval. */
function requireReach({ everyNs, forNs }: Resample, intervalNs: bigint): void {
  if (forNs === undefined) return
  const least = everyNs !== undefined && everyNs > intervalNs ? everyNs : intervalNs
  if (forNs >= least) return
  throw new ParseError(
    `FOR duration must be >= GROUP BY time duration: must be a minimum of ${printDuration(least)}, got ${printDuration(forNs)}`,
  )
}

/** After CREATE USER. */
export function parseCreateUser(cursor: Cursor): CreateUserStatement {
  const name = cursor.identifier()
  cursor.expect('WITH', 'PASSWORD')
  const password = cursor.string()
  const admin = cursor.accept('WITH')
  if (admin) cursor.expect('ALL', 'PRIVILEGES')
  return { kind: 'create user', name, password, admin }
}

/** After CREATE SUBSCRIPTION. */
export function parseCreateSubscription(cursor: Cursor): CreateSubscriptionStatement {
  const name = cursor.identifier()
  cursor.expect('ON')
  const database = cursor.identifier()
  cursor.expectAtOnce('.')
  const policy = cursor.identifier()
  cursor.expect('DESTINATIONS')
  if (!cursor.isNext('ALL', 'ANY')) throw cursor.unexpected('ALL', 'ANY')
  const mode = cursor.take().text === 'ALL' ? 'ALL' : 'ANY'
  const destinations: string[] = []
  do destinations.push(cursor.string())
  while (cursor.accept(','))
  return { kind: 'create subscription', name, database, policy, mode, destinations }
}
