import { publicDatabase } from '@warren/contracts/names'
import type { StatementResult } from '@warren/influxql/answers/result'
import { type AskAnew, toAnswer } from './answer-query.ts'

/** A store shared by tenants would list them all. */
const ownDatabase: Omit<StatementResult, 'statement_id'> = {
  series: [{ name: 'databases', columns: ['name'], values: [[publicDatabase]] }],
}

/** Answers SHOW DATABASES itself: a tenant has one. */
export function withOwnDatabases(answerQuery: AskAnew): AskAnew {
  return async (query, asker) => {
    const { statements } = query
    const asked = statements.filter(({ kind }) => kind !== 'show databases')
    if (asked.length === statements.length) return answerQuery(query, asker)
    const answer =
      asked.length === 0
        ? toAnswer([])
        : await answerQuery({ ...query, statements: asked, mayBeBytes: false }, asker)
    const rest = [...(await answer.read(asker.share))]
    const results = statements.map(({ kind }, index) => ({
      ...(kind === 'show databases' ? ownDatabase : rest.shift()),
      statement_id: index,
    }))
    return { ...answer, ...toAnswer(results) }
  }
}
