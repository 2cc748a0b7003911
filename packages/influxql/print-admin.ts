import { printDuration, printGoDuration } from './duration.ts'
import { joined, list } from './print-clauses.ts'
import { printName, printString } from './print-name.ts'
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
} from './tree.ts'

function printOption(
  keyword: string,
  ns: bigint | undefined,
  print: (ns: bigint) => string,
): string {
  return ns === undefined ? '' : `${keyword} ${print(ns)}`
}

function printPolicyOptions(options: PolicyOptions, printShard: (ns: bigint) => string): string {
  const { replication } = options
  return joined(
    printOption('DURATION', options.durationNs, printDuration),
    replication === undefined ? '' : `REPLICATION ${replication}`,
    printOption('SHARD DURATION', options.shardDurationNs, printShard),
    printOption('FUTURE LIMIT', options.futureLimitNs, printDuration),
    printOption('PAST LIMIT', options.pastLimitNs, printDuration),
  )
}

export function printCreateDatabase(statement: CreateDatabaseStatement): string {
  const start = `CREATE DATABASE ${printName(statement.name)}`
  if (!statement.hasPolicy) return start
  const { policy } = statement
  return joined(
    start,
    'WITH',
    printPolicyOptions(statement, printGoDuration),
    policy === undefined ? '' : `NAME ${printName(policy)}`,
  )
}

export function printRetentionPolicy(statement: RetentionPolicyStatement): string {
  const { kind, name, database, isDefault } = statement
  return joined(
    `${kind.toUpperCase()} ${printName(name)} ON ${printName(database)}`,
    printPolicyOptions(statement, printDuration),
    isDefault ? 'DEFAULT' : '',
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
  return joined(`KILL QUERY ${id}`, host === undefined ? '' : `ON ${printName(host)}`)
}
