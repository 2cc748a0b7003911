import type { RollupName } from '../rollup-policy.ts'

/** What a caller may see. */
export interface Scope {
  /** What clients call the only database they have. */
  readonly database: string
  readonly tenant: string
  /** Of measurements that name none; absent is that of raw points. */
  readonly policy?: RollupName | undefined
  /** The deployments whose data the caller may see: all of the tenant's when absent, none when empty. */
  readonly deployments?: readonly string[] | undefined
  /** Series can be asked for as Cloudify named them (`series-name.ts`): the tenant has its senders. */
  readonly hasSeriesNames?: boolean | undefined
}
