import { toDayText } from '../../../duckdb/day.ts'
import { retainDays } from '../../../duckdb/retain-days.ts'
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
