import type { LimitWindow } from '@warren/contracts/http/limits'
import type { StoreName } from '../schedule/schedule-metrics.ts'
import type { WindowKey } from './counters.ts'

/** One window that a query is counted in. */
export interface CountedWindow {
  readonly scope: 'tenant' | 'user' | 'token' | StoreName
  readonly unit: 'requests' | 'cost'
  readonly window: LimitWindow
  readonly key: WindowKey
}
