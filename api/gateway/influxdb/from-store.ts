import type { StatementResult } from '@warren/influxql/answers/result'
import type { AnswerBytes } from '@warren/stores/answer-bytes'
import type { MetricQuery, MetricStore } from '@warren/stores/metrics/metric-store'
import type { AskStore } from '../ask-store.ts'
import { type AskAnew, toAnswer } from './answer-query.ts'
import { toBytesAnswer } from './body/bytes-answer.ts'
import { type Price, plainPrice } from './cost/price.ts'

/** Stamped by us, and the second lock of isolation: no business of the caller's. */
export const hiddenTags: ReadonlySet<string> = new Set(['tenant'])

/** InfluxDB's own limits, of all its clients together, told inside a 200 (1.6 to 1.8: query/executor.go). */
const saysOverload = (error: string | undefined): boolean =>
  error?.startsWith('query-timeout limit exceeded') === true

/** What a store answers with: rows, one result a statement, or bytes. */
type Answered = readonly StatementResult[] | AnswerBytes

const areBytes = (answered: Answered): answered is AnswerBytes => 'pieces' in answered

async function askAll(
  metricStore: MetricStore,
  query: MetricQuery,
  mayBeBytes: boolean | undefined,
): Promise<Answered> {
  const { statements, tenant, epoch, nowNs, share, signal } = query
  const [statement] = statements
  if (mayBeBytes !== true || statements.length > 1 || statement?.kind !== 'select')
    return metricStore.query(query)
  const select = { statement, tenant, epoch, nowNs, hiddenTags, share, signal }
  const answered = await metricStore.select?.(select)
  if (answered === undefined) return metricStore.query(query)
  return 'pieces' in answered ? answered : [answered]
}

/** Asks the store, each time. */
export function fromStore(
  metricStore: MetricStore,
  askStore: AskStore,
  price: Price = plainPrice,
): AskAnew {
  return async (query, asker) => {
    const { statements, epoch, nowNs, mayBeBytes } = query
    const { tenant, share } = asker
    const answered = await askStore(asker, {
      store: 'metrics',
      cost: price(tenant, query),
      isOverload: (answered: Answered) =>
        !areBytes(answered) && answered.some(({ error }) => saysOverload(error)),
      ask: (signal) => {
        const asked = { tenant, statements, epoch, nowNs, hiddenTags, share, signal }
        return askAll(metricStore, asked, mayBeBytes)
      },
    })
    return areBytes(answered) ? toBytesAnswer(answered) : toAnswer(answered)
  }
}
