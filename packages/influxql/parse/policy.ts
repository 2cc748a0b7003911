import type { Cursor } from '../tokens/cursor.ts'
import type { CreateDatabaseStatement, PolicyOptions, RetentionPolicyStatement } from '../tree.ts'
import { takePlacedDuration, takeReplication } from './literal.ts'

/** Nanoseconds; INF is 0. */
function durationOrInfinite(cursor: Cursor): bigint {
  return cursor.accept('INF') ? 0n : takePlacedDuration(cursor)
}

type Option = (cursor: Cursor) => PolicyOptions

const parseDuration: Option = (cursor) => {
  cursor.expect('DURATION')
  return { durationNs: durationOrInfinite(cursor) }
}

const parseReplication: Option = (cursor) => {
  cursor.expect('REPLICATION')
  return { replication: takeReplication(cursor) }
}

const parseShardDuration: Option = (cursor) => {
  cursor.expect('SHARD', 'DURATION')
  return { shardDurationNs: durationOrInfinite(cursor) }
}

/** What stands alone may not be infinite. */
const parseOwnShardDuration: Option = (cursor) => {
  cursor.expect('SHARD', 'DURATION')
  if (cursor.isNext('INF'))
    throw cursor.failure('invalid duration INF for shard duration', cursor.peek().at)
  return { shardDurationNs: takePlacedDuration(cursor) }
}

const parseDefault: Option = (cursor) => {
  cursor.expect('DEFAULT')
  return { isDefault: true }
}

const parseFuture: Option = (cursor) => {
  cursor.expect('FUTURE', 'LIMIT')
  return { futureLimitNs: durationOrInfinite(cursor) }
}

const parsePast: Option = (cursor) => {
  cursor.expect('PAST', 'LIMIT')
  return { pastLimitNs: durationOrInfinite(cursor) }
}

type Options = ReadonlyMap<string, Option>

/** Of CREATE DATABASE, before NAME. */
const databaseOptions: Options = new Map([
  ['DURATION', parseDuration],
  ['REPLICATION', parseReplication],
  ['SHARD', parseShardDuration],
  ['FUTURE', parseFuture],
  ['PAST', parsePast],
])

/** Of CREATE RETENTION POLICY, after DURATION and REPLICATION. */
const policyOptions: Options = new Map([
  ['SHARD', parseOwnShardDuration],
  ['DEFAULT', parseDefault],
  ['FUTURE', parseFuture],
  ['PAST', parsePast],
])

const changes: Options = new Map([
  ['DURATION', parseDuration],
  ['REPLICATION', parseReplication],
  ...policyOptions,
])

/** The options that are there, in the order of the map. */
function parseOrdered(cursor: Cursor, options: Options): PolicyOptions {
  let found: PolicyOptions = {}
  for (const [keyword, parse] of options)
    if (cursor.isNext(keyword)) found = { ...found, ...parse(cursor) }
  return found
}

/** After CREATE DATABASE. */
export function parseCreateDatabase(cursor: Cursor): CreateDatabaseStatement {
  const name = cursor.identifier()
  if (!cursor.accept('WITH')) return { kind: 'create database', name, hasPolicy: false }
  const expected = ['DURATION', 'NAME', 'REPLICATION', 'SHARD', 'FUTURE', 'PAST']
  if (!cursor.isNext(...expected)) throw cursor.unexpected(...expected)
  const found = parseOrdered(cursor, databaseOptions)
  const policy = cursor.accept('NAME') ? { policy: cursor.identifier() } : {}
  return { kind: 'create database', name, hasPolicy: true, ...found, ...policy }
}

/** After CREATE RETENTION POLICY. */
export function parseCreatePolicy(cursor: Cursor): RetentionPolicyStatement {
  const name = cursor.identifier()
  cursor.expect('ON')
  const database = cursor.identifier()
  const duration = parseDuration(cursor)
  const required = { ...duration, ...parseReplication(cursor) }
  const found = parseOrdered(cursor, policyOptions)
  return { kind: 'create retention policy', name, database, ...required, ...found }
}

/** After ALTER RETENTION POLICY: the options in any order, each once. */
export function parseAlterPolicy(cursor: Cursor): RetentionPolicyStatement {
  const name = cursor.accept('DEFAULT') ? 'default' : cursor.identifier()
  cursor.expect('ON')
  const database = cursor.identifier()
  const seen = new Set<string>()
  let found: PolicyOptions = {}
  for (;;) {
    const { type, text, at } = cursor.peek()
    const parse = type === 'keyword' ? changes.get(text) : undefined
    if (parse === undefined) break
    if (seen.has(text)) throw cursor.failure(`found duplicate ${text} option`, at)
    seen.add(text)
    found = { ...found, ...parse(cursor) }
  }
  if (seen.size === 0) throw cursor.unexpected(...changes.keys())
  return { kind: 'alter retention policy', name, database, ...found }
}
