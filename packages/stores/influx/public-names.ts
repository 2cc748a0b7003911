import { databaseOf, publicDatabase } from '@warren/contracts/names'
import type { StatementResult } from '@warren/influxql/answers/result'

/** The result as clients may see it: the tenant's database has its public name in errors and messages. */
export function toPublic(result: StatementResult, tenant: string): StatementResult {
  const { error, messages } = result
  return {
    ...result,
    ...(error === undefined ? {} : { error: renamed(error, tenant) }),
    ...(messages === undefined
      ? {}
      : { messages: messages.map((each) => ({ ...each, text: renamed(each.text, tenant) })) }),
  }
}

// Only the whole name: another database may start with it.
const renamed = (text: string, tenant: string): string =>
  text.replace(new RegExp(`(?<!\\w)${databaseOf(tenant)}(?!\\w)`, 'g'), publicDatabase)

/** The answer to SHOW DATABASES: the server would name every tenant's. */
export const onlyDatabase = (statementId: number): StatementResult => ({
  statement_id: statementId,
  series: [{ name: 'databases', columns: ['name'], values: [[publicDatabase]] }],
})
