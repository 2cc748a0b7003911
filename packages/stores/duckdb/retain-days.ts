import { type DayWish, firstKeptMs, type Retention, type StoredDay } from '../retention.ts'
import { parseDayText, toDayText } from './day.ts'
import type { DayFiles } from './day-files.ts'

const dayMs = 86_400_000

/** Files all of whose days are too old go; one that is in use stays until the next time. Answers the days they are named after. */
export async function retainDays<State>(
  files: DayFiles<State>,
  retention: Retention,
  /** Days that one file holds. */
  spanDays = 1,
): Promise<readonly number[]> {
  const { tenant } = retention
  const firstKept = Math.floor(firstKeptMs(retention) / dayMs)
  const old = (await files.days(tenant)).filter((day) => day + spanDays <= firstKept)
  const gone: number[] = []
  for (const day of old) {
    // Looked at when it is its turn: somebody may have begun to read it while others went.
    if (files.isLeased(tenant, day)) continue
    await files.drop(tenant, day)
    gone.push(day)
  }
  return gone
}

/** In words for people. */
export const toDayWords = (days: readonly number[]): readonly string[] =>
  days.map((day) => `the day ${toDayText(day)}`)

/** The oldest file of any tenant that is wished, in every one of its days, and that nobody uses now. */
export async function oldestDay<State>(
  files: DayFiles<State>,
  { before, except = [] }: DayWish,
  /** What the files are, if they are rollups, and the days that one holds. */
  { rollup, spanDays = 1 }: Pick<StoredDay, 'rollup'> & { readonly spanDays?: number } = {},
): Promise<StoredDay | undefined> {
  const end = (parseDayText(before) ?? Number.NEGATIVE_INFINITY) - spanDays + 1
  const excepted = new Set(
    except.filter((one) => one.rollup === rollup).map(({ tenant, day }) => `${tenant} ${day}`),
  )
  const isFree = (tenant: string, day: number): boolean =>
    !files.isLeased(tenant, day) && !excepted.has(`${tenant} ${toDayText(day)}`)
  let oldest: { readonly tenant: string; readonly day: number } | undefined
  for (const tenant of await files.tenants())
    for (const day of await files.days(tenant))
      if (day < Math.min(end, oldest?.day ?? end) && isFree(tenant, day)) oldest = { tenant, day }
  if (oldest === undefined) return undefined
  return { ...oldest, day: toDayText(oldest.day), ...(rollup === undefined ? {} : { rollup }) }
}

export async function dropDay<State>(
  files: DayFiles<State>,
  { tenant, day }: StoredDay,
): Promise<void> {
  await files.drop(tenant, readDay(day))
}

/** Of a `StoredDay`. */
export function readDay(text: string): number {
  const day = parseDayText(text)
  if (day === undefined) throw new Error(`BUG: ${text} is no day`)
  return day
}
