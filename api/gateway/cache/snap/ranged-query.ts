import type { Statement } from '@warren/influxql/tree'
import type { ScopedQuery } from '../../influxdb/answer-query.ts'
import { type Ranged, toStatement } from './ranged.ts'

type Common = Pick<ScopedQuery, 'epoch' | 'nowNs' | 'mayBeBytes'>

class RangedQuery implements ScopedQuery {
  readonly ranged: Ranged
  readonly epoch: ScopedQuery['epoch']
  readonly nowNs: bigint
  readonly mayBeBytes: boolean | undefined
  #statements: readonly Statement[] | undefined

  constructor(ranged: Ranged, { epoch, nowNs, mayBeBytes }: Common) {
    this.ranged = ranged
    this.epoch = epoch
    this.nowNs = nowNs
    this.mayBeBytes = mayBeBytes
  }

  get statements(): readonly Statement[] {
    this.#statements ??= [toStatement(this.ranged)]
    return this.#statements
  }
}

/** The query that asks for the range. Its statement is made when somebody needs it: most are answered without. */
export const toRangedQuery = (ranged: Ranged, common: Common): ScopedQuery =>
  new RangedQuery(ranged, common)
