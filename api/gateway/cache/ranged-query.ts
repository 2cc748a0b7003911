import type { Statement } from '@warren/influxql/tree'
import type { ScopedQuery } from '../influxdb/answer-query.ts'
import { type Ranged, toStatement } from './ranged.ts'

/** The query that asks for the range. Its statement is made when somebody needs it: most are answered without. */
export function toRangedQuery(
  ranged: Ranged,
  { epoch, nowNs, mayBeBytes }: Pick<ScopedQuery, 'epoch' | 'nowNs' | 'mayBeBytes'>,
): ScopedQuery {
  let statements: readonly Statement[] | undefined
  return {
    get statements() {
      statements ??= [toStatement(ranged)]
      return statements
    },
    ...{ ranged, epoch, nowNs, mayBeBytes },
  }
}
