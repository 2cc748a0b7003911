import type { Cursor } from './cursor.ts'
import { takeCount, takeDuration } from './parse-literal.ts'
import type { CreateDatabaseStatement, PolicyOptions, RetentionPolicyStatement } from './tree.ts'

/** Nanoseconds; INF is 0. */
function durationOrInfinite(cursor: Cursor): bigint {
  return cursor.accept('INF') ? 0n : takeDuration(cursor)
}

function parseDuration(cursor: Cursor): PolicyOptions {
  cursor.expect('DURATION')
  return { durationNs: durationOrInfinite(cursor) }
}

function parseReplication(cursor: Cursor): PolicyOptions {
  cursor.expect('REPLICATION')
  const { at } = cursor.peek()
  const replication = takeCount(cursor)
  if (replication < 1)
    throw cursor.failure(`invalid value ${replication}: must be 1 <= n <= 2147483647`, at)
  return { replication }
}

function parseShardDuration(cursor: Cursor): PolicyOptions {
  cursor.expect('SHARD', 'DURATION')
  return { shardDurationNs: durationOrInfinite(cursor) }
}

function parseFuture(cursor: Cursor): PolicyOptions {
  cursor.expect('FUTURE', 'LIMIT')
  return { futureLimitNs: takeDuration(cursor) }
}

function parsePast(cursor: Cursor): PolicyOptions {
  cursor.expect('PAST', 'LIMIT')
  return { pastLimitNs: takeDuration(cursor) }
}

const options: ReadonlyMap<string, (cursor: Cursor) => PolicyOptions> = new Map([
  ['DURATION', parseDuration],
  ['REPLICATION', parseReplication],
  ['SHARD', parseShardDuration],
  ['FUTURE', parseFuture],
  ['PAST', parsePast],
])

/** The options that are there, in the order of the map. */
function parseOrdered(cursor: Cursor): PolicyOptions {
  let found: PolicyOptions = {}
  for (const [keyword, parse] of options)
    if (cursor.isNext(keyword)) found = { ...found, ...parse(cursor) }
  return found
}

/** After CREATE DATABASE. */
export function parseCreateDatabase(cursor: Cursor): CreateDatabaseStatement {
  const name = cursor.identifier()
  if (!cursor.accept('WITH')) return { kind: 'create database', name, hasPolicy: false }
  if (!cursor.isNext(...options.keys(), 'NAME')) throw cursor.unexpected(...options.keys(), 'NAME')
  const found = parseOrdered(cursor)
  const policy = cursor.accept('NAME') ? { policy: policyName(cursor) } : {}
  return { kind: 'create database', name, hasPolicy: true, ...found, ...policy }
}

function policyName(cursor: Cursor): string {
  return cursor.accept('DEFAULT') ? 'default' : cursor.identifier()
}

/** After CREATE RETENTION POLICY. */
export function parseCreatePolicy(cursor: Cursor): RetentionPolicyStatement {
  const name = cursor.identifier()
  cursor.expect('ON')
  const database = cursor.identifier()
  const duration = parseDuration(cursor)
  const required = { ...duration, ...parseReplication(cursor) }
  const found = { ...required, ...parseOrdered(cursor) }
  const isDefault = cursor.accept('DEFAULT')
  return { kind: 'create retention policy', name, database, ...found, isDefault }
}

/** After ALTER RETENTION POLICY: the options in any order, each once. */
export function parseAlterPolicy(cursor: Cursor): RetentionPolicyStatement {
  const name = policyName(cursor)
  cursor.expect('ON')
  const database = cursor.identifier()
  const seen = new Set<string>()
  let found: PolicyOptions = {}
  for (;;) {
    const { type, text, at } = cursor.peek()
    const parse = options.get(text)
    const isOption = type === 'keyword' && (parse !== undefined || text === 'DEFAULT')
    if (!isOption) break
    if (seen.has(text)) throw cursor.failure(`found duplicate ${text} option`, at)
    seen.add(text)
    if (parse === undefined) cursor.take()
    else found = { ...found, ...parse(cursor) }
  }
  if (seen.size === 0)
    throw cursor.unexpected('DURATION', 'REPLICATION', 'SHARD', 'DEFAULT', 'FUTURE', 'PAST')
  const isDefault = seen.has('DEFAULT')
  return { kind: 'alter retention policy', name, database, ...found, isDefault }
}
