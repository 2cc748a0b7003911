import type { DayWish, LocalDisk, Retention, StoredDay } from '../retention.ts'
import { toDayText } from './day.ts'
import type { StoreWorker } from './store-worker.ts'

/** What a worker with day files answers about them. */
export type DayMethods = {
  readonly retain: (retention: Retention) => Promise<readonly number[]>
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
  const retain = async (retention: Retention): Promise<readonly string[]> => {
    const days = await worker.call('retain', retention)
    return days.map((day) => `the day ${toDayText(day)}`)
  }
  return { retain, disk }
}
