import type { Cursor } from './cursor.ts'
import { parseCondition } from './parse-clauses.ts'
import { takeId } from './parse-literal.ts'
import { parseMeasurements } from './parse-source.ts'
import type { DeleteStatement, DropSubscriptionStatement, Statement } from './tree.ts'

function parseFrom(cursor: Cursor): Pick<DeleteStatement, 'sources' | 'condition'> {
  if (!cursor.isNext('FROM', 'WHERE')) throw cursor.unexpected('FROM', 'WHERE')
  const sources = cursor.accept('FROM') ? parseMeasurements(cursor) : []
  for (const { database, policy } of sources) {
    if (database !== undefined) throw cursor.failure('database not supported', 0)
    if (policy !== undefined) throw cursor.failure('retention policy not supported', 0)
  }
  return { sources, ...parseCondition(cursor) }
}

/** After DELETE. */
export function parseDelete(cursor: Cursor): DeleteStatement {
  return { kind: 'delete', ...parseFrom(cursor) }
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
  SERIES: (cursor) => ({ kind: 'drop series', ...parseFrom(cursor) }),
  SHARD: (cursor) => ({ kind: 'drop shard', id: takeId(cursor) }),
  SUBSCRIPTION: parseDropSubscription,
  USER: named('drop user'),
}
