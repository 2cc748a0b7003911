import type { DayWish, LocalDisk, Retention, StoredDay } from '../retention.ts'
import type { StoreWorker } from './store-worker.ts'

/** What a worker with day files answers about them. */
export type DayMethods = {
  readonly retain: (retention: Retention) => Promise<readonly string[]>
  readonly oldest: (wish: DayWish) => Promise<StoredDay | undefined>
  readonly drop: (day: StoredDay) => Promise<void>
}

/** Retention of a store that keeps its files in this folder. */
export function dayRetention(worker: StoreWorker<DayMethods>, folder: string) {
  const disk: LocalDisk = {
    folder,
    oldest: (wish) => worker.call('oldest', wish),
    drop: (day) => worker.call('drop', day),
  }
  const retain = (retention: Retention): Promise<readonly string[]> =>
    worker.call('retain', retention)
  return { retain, disk }
}
