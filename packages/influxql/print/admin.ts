import { printDuration, printGoDuration } from '../time/duration.ts'
import type {
  CreateDatabaseStatement,
  CreateSubscriptionStatement,
  CreateUserStatement,
  DropInDatabaseStatement,
  DropNamedStatement,
  KillQueryStatement,
  PolicyOptions,
  PrivilegeStatement,
  RetentionPolicyStatement,
} from '../tree.ts'
import { joined, list } from './clauses.ts'
import { printName, printString } from './name.ts'

type PrintDuration = (ns: bigint) => string

function printOption(keyword: string, ns: bigint | undefined, print: PrintDuration): string {
  return ns === undefined ? '' : `${keyword} ${print(ns)}`
}

/** What no limit, or one of nothing, is printed as: not at all. */
function printLimit(keyword: string, ns = 0n): string {
  return ns === 0n ? '' : `${keyword} ${printDuration(ns)}`
}

/** `print` is that of the two durations. */
function printPolicyOptions(options: PolicyOptions, print: PrintDuration): string {
  const { replication } = options
  return joined(
    printOption('DURATION', options.durationNs, print),
    replication === undefined ? '' : `REPLICATION ${replication}`,
    printOption('SHARD DURATION', options.shardDurationNs, print),
    options.isDefault ? 'DEFAULT' : '',
    printLimit('FUTURE LIMIT', options.futureLimitNs),
    printLimit('PAST LIMIT', options.pastLimitNs),
  )
}

/** A shard of no length of its own is that of the default, and not printed. */
function withoutZeroShard({ shardDurationNs = 0n, ...options }: PolicyOptions): PolicyOptions {
  return shardDurationNs === 0n ? options : { ...options, shardDurationNs }
}

export function printCreateDatabase(statement: CreateDatabaseStatement): string {
  const start = `CREATE DATABASE ${printName(statement.name)}`
  if (!statement.hasPolicy) return start
  const { policy } = statement
  return joined(
    start,
    'WITH',
    printPolicyOptions(withoutZeroShard(statement), printGoDuration),
    policy ? `NAME ${printName(policy)}` : '',
  )
}

export function printRetentionPolicy(statement: RetentionPolicyStatement): string {
  const { kind, name, database } = statement
  const options = kind === 'create retention policy' ? withoutZeroShard(statement) : statement
  return joined(
    `${kind.toUpperCase()} ${printName(name)} ON ${printName(database)}`,
    printPolicyOptions(options, printDuration),
  )
}

export function printCreateUser({ name, admin }: CreateUserStatement): string {
  const start = `CREATE USER ${printName(name)} WITH PASSWORD [REDACTED]`
  return admin ? `${start} WITH ALL PRIVILEGES` : start
}

export function printCreateSubscription(statement: CreateSubscriptionStatement): string {
  const { name, database, policy, mode, destinations } = statement
  const place = `${printName(database)}.${printName(policy)}`
  return `CREATE SUBSCRIPTION ${printName(name)} ON ${place} DESTINATIONS ${mode} ${list(destinations, printString)}`
}

export function printDropNamed({ kind, name }: DropNamedStatement): string {
  return `${kind.toUpperCase()} ${printName(name)}`
}

export function printDropIn({ kind, name, database }: DropInDatabaseStatement): string {
  return `${kind.toUpperCase()} ${printName(name)} ON ${printName(database)}`
}

export function printPrivilege({ kind, privilege, database, user }: PrivilegeStatement): string {
  return joined(
    kind.toUpperCase(),
    privilege,
    database === undefined ? '' : `ON ${printName(database)}`,
    kind === 'grant' ? 'TO' : 'FROM',
    printName(user),
  )
}

export function printKillQuery({ id, host }: KillQueryStatement): string {
  return joined(`KILL QUERY ${id}`, host ? `ON ${printName(host)}` : '')
}
