import {
  printCreateDatabase,
  printCreateSubscription,
  printCreateUser,
  printDropIn,
  printDropNamed,
  printKillQuery,
  printPrivilege,
  printRetentionPolicy,
} from './print/admin.ts'
import { joined, printFrom, printWhere } from './print/clauses.ts'
import { printName } from './print/name.ts'
import { printSelect } from './print/select.ts'
import { printShow } from './print/show.ts'
import { printDuration } from './time/duration.ts'
import type {
  CreateContinuousQueryStatement,
  ExplainStatement,
  ShowStatement,
  Statement,
} from './tree.ts'

const texts = new WeakMap<Statement, string>()

/** InfluxDB's canonical text. It parses to the same statement, except that passwords are not printed. Printed once for each object: a query is priced, known and asked by its text. */
export function printStatement(statement: Statement): string {
  const known = texts.get(statement)
  if (known !== undefined) return known
  const text = print(statement)
  texts.set(statement, text)
  return text
}

function print(statement: Statement): string {
  if (isShow(statement)) return printShow(statement)
  switch (statement.kind) {
    case 'select':
      return printSelect(statement)
    case 'explain':
      return printExplain(statement)
    case 'delete':
    case 'drop series':
      return joined(
        statement.kind.toUpperCase(),
        printFrom(statement.sources),
        printWhere(statement.condition),
      )
    case 'create database':
      return printCreateDatabase(statement)
    case 'create retention policy':
    case 'alter retention policy':
      return printRetentionPolicy(statement)
    case 'create continuous query':
      return printContinuousQuery(statement)
    case 'create user':
      return printCreateUser(statement)
    case 'set password':
      return `SET PASSWORD FOR ${printName(statement.name)} = [REDACTED]`
    case 'create subscription':
      return printCreateSubscription(statement)
    case 'drop database':
    case 'drop measurement':
    case 'drop user':
      return printDropNamed(statement)
    case 'drop continuous query':
    case 'drop retention policy':
      return printDropIn(statement)
    case 'drop subscription':
      return `DROP SUBSCRIPTION ${printName(statement.name)} ON ${printName(statement.database)}.${printName(statement.policy)}`
    case 'drop shard':
      return `DROP SHARD ${statement.id}`
    case 'grant':
    case 'revoke':
      return printPrivilege(statement)
    case 'kill query':
      return printKillQuery(statement)
  }
}

function isShow(statement: Statement): statement is ShowStatement {
  return statement.kind.startsWith('show ')
}

function printExplain({ analyze, verbose, select }: ExplainStatement): string {
  return joined('EXPLAIN', analyze ? 'ANALYZE' : '', verbose ? 'VERBOSE' : '', printSelect(select))
}

function printContinuousQuery(statement: CreateContinuousQueryStatement): string {
  const { name, database, everyNs, forNs, select } = statement
  return joined(
    `CREATE CONTINUOUS QUERY ${printName(name)} ON ${printName(database)}`,
    everyNs === undefined && forNs === undefined ? '' : 'RESAMPLE',
    everyNs === undefined ? '' : `EVERY ${printDuration(everyNs)}`,
    forNs === undefined ? '' : `FOR ${printDuration(forNs)}`,
    `BEGIN ${printSelect(select)} END`,
  )
}
