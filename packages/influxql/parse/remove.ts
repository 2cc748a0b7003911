import type { Cursor } from '../tokens/cursor.ts'
import type { DeleteStatement, DropSubscriptionStatement, Measurement, Statement } from '../tree.ts'
import { parseCondition } from './clauses.ts'
import { takeId } from './literal.ts'
import { parseMeasurements } from './source.ts'

type From = Pick<DeleteStatement, 'sources' | 'condition'>

function parseFrom(cursor: Cursor, refuse: (source: Measurement) => string | undefined): From {
  if (!cursor.isNext('FROM', 'WHERE')) throw cursor.unexpected('FROM', 'WHERE')
  const sources = cursor.accept('FROM') ? parseMeasurements(cursor) : []
  // The reference tells the last of them.
  const reason = sources.map(refuse).findLast((each) => each !== undefined)
  if (reason !== undefined) throw cursor.failure(reason, 0)
  return { sources, ...parseCondition(cursor) }
}

const refuseDatabase = ({ database }: Measurement): string | undefined =>
  database === undefined ? undefined : 'database not supported'

const refusePolicy = (source: Measurement): string | undefined =>
  source.policy === undefined ? refuseDatabase(source) : 'retention policy not supported'

/** After DELETE. */
export function parseDelete(cursor: Cursor): DeleteStatement {
  return { kind: 'delete', ...parseFrom(cursor, refuseDatabase) }
}

function parseDropSeries(cursor: Cursor): DeleteStatement {
  return { kind: 'drop series', ...parseFrom(cursor, refusePolicy) }
}

type Rule = (cursor: Cursor) => Statement

function named(kind: 'drop database' | 'drop measurement' | 'drop user'): Rule {
  return (cursor) => ({ kind, name: cursor.identifier() })
}

function inDatabase(
  keyword: string,
  kind: 'drop continuous query' | 'drop retention policy',
): Rule {
  return (cursor) => {
    cursor.expect(keyword)
    const name = cursor.identifier()
    cursor.expect('ON')
    return { kind, name, database: cursor.identifier() }
  }
}

function parseDropSubscription(cursor: Cursor): DropSubscriptionStatement {
  const name = cursor.identifier()
  cursor.expect('ON')
  const database = cursor.identifier()
  cursor.expectAtOnce('.')
  return { kind: 'drop subscription', name, database, policy: cursor.identifier() }
}

export const dropRules: Readonly<Record<string, Rule>> = {
  CONTINUOUS: inDatabase('QUERY', 'drop continuous query'),
  DATABASE: named('drop database'),
  MEASUREMENT: named('drop measurement'),
  RETENTION: inDatabase('POLICY', 'drop retention policy'),
  SERIES: parseDropSeries,
  SHARD: (cursor) => ({ kind: 'drop shard', id: takeId(cursor) }),
  SUBSCRIPTION: parseDropSubscription,
  USER: named('drop user'),
}
