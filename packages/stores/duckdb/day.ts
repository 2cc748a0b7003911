export const dayNs = 86_400_000_000_000n
const dayMs = 86_400_000

/** The UTC day of a time as days since the epoch; negative before it. */
export function dayOfNs(ns: bigint): number {
  const day = ns / dayNs
  return Number(ns < 0n && day * dayNs !== ns ? day - 1n : day)
}

/** `YYYY-MM-DD`. */
export const toDayText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)

/** Undefined for a text that is not `YYYY-MM-DD`. */
export function parseDayText(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const ms = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(ms) ? undefined : ms / dayMs
}
