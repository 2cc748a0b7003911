import type { Cursor } from './cursor.ts'
import { printDuration } from './duration.ts'
import { groupIntervalOf } from './group-interval.ts'
import { ParseError } from './parse-error.ts'
import { takePlacedDuration } from './parse-literal.ts'
import { parseSelect } from './parse-select.ts'
import type {
  CreateContinuousQueryStatement,
  CreateSubscriptionStatement,
  CreateUserStatement,
} from './tree.ts'

/** After CREATE CONTINUOUS QUERY. */
export function parseCreateContinuousQuery(cursor: Cursor): CreateContinuousQueryStatement {
  const name = cursor.identifier()
  cursor.expect('ON')
  const database = cursor.identifier()
  const resample = parseResample(cursor)
  cursor.expect('BEGIN')
  const select = parseSelect(cursor, { needsInto: true })
  cursor.expect('END')
  requireReach(resample, groupIntervalOf(select.dimensions))
  return { kind: 'create continuous query', name, database, ...resample, select }
}

interface Resample {
  readonly everyNs?: bigint
  readonly forNs?: bigint
}

function parseResample(cursor: Cursor): Resample {
  if (!cursor.accept('RESAMPLE')) return {}
  if (!cursor.isNext('EVERY', 'FOR')) throw cursor.unexpected('EVERY', 'FOR')
  const every = cursor.accept('EVERY') ? { everyNs: takePlacedDuration(cursor) } : {}
  return cursor.accept('FOR') ? { ...every, forNs: takePlacedDuration(cursor) } : every
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
