import type { Random } from '../random.ts'
import { fillOf } from './clauses.ts'

const hourMs = 3_600_000
/** Two days before the nights in which the clocks of Europe change, one of the first also those of Lord Howe. */
const firstDays = [Date.UTC(2023, 2, 24), Date.UTC(2023, 9, 27)]
const hours = 96

/** A point each hour of the days around both changes. */
export const clockLines: readonly string[] = firstDays.flatMap((firstMs) =>
  Array.from(
    { length: hours },
    (_, hour) => `clock n=${hour}i,v=${hour}.5 ${firstMs + hour * hourMs}000000`,
  ),
)

const steps = ['20m', '30m', '1h', '90m', '2h', '3h', '5h', '12h', '1d', '2d', '1w']
const offsets = ['', '', ', -20m', ', 7m', ', 90m', ', 1h', ', 2h', ', -5h']
const zones = ['Europe/Paris', 'Australia/Lord_Howe', 'America/New_York']
const calls = ['count(n)', 'sum(n)', 'max(v)', 'percentile(v, 50)', 'last(v)', 'mean(v)']

/** Buckets of a time zone around a change of its clock, also with an offset. */
export function clockChange(random: Random): string {
  const fromMs = random.pick(firstDays) + random.int(0, 50) * hourMs
  const toMs = fromMs + random.int(6, 44) * hourMs
  const [from, to] = [fromMs, toMs].map((ms) => `${ms}ms`)
  const order = random.chance(0.3) ? ' ORDER BY time DESC' : ''
  return `SELECT ${random.pick(calls)} FROM clock WHERE time >= ${from} AND time < ${to} GROUP BY time(${random.pick(steps)}${random.pick(offsets)})${fillOf(random)}${order} tz('${random.pick(zones)}')`
}
