import { toDayText } from '../../../duckdb/day.ts'
import { oldestDay, retainDays } from '../../../duckdb/retain-days.ts'
import type { DayWish, StoredDay } from '../../../retention.ts'
import { rollupDaysOf } from '../../../rollup-policies.ts'
import type { MetricRetention } from '../../metric-store.ts'
import type { RollupFiles } from './rollup-files.ts'

/** Files of rollups whose every day is too old go. Answers them, in words for people. */
export async function retainRollups(
  rollups: readonly RollupFiles[],
  retention: MetricRetention,
): Promise<readonly string[]> {
  const gone: string[] = []
  for (const { policy, spanDays, files } of rollups) {
    const days = rollupDaysOf(policy, retention)
    for (const day of await retainDays(files, { ...retention, days }, spanDays))
      gone.push(`the ${policy.name} rollups of ${spanDays} days from ${toDayText(day)}`)
  }
  return gone
}

/** The oldest file of any tenant, of the finest resolution that has one. */
export async function oldestRollups(
  rollups: readonly RollupFiles[],
  wish: DayWish,
): Promise<StoredDay | undefined> {
  for (const { policy, spanDays, files } of rollups) {
    const oldest = await oldestDay(files, wish, { rollup: policy.name, spanDays })
    if (oldest !== undefined) return oldest
  }
  return undefined
}
