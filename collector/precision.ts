/** Nanoseconds in one unit of each precision that `/write` (InfluxDB 1) or `/api/v2/write` (InfluxDB 2) may name. */
const units: ReadonlyMap<string, bigint> = new Map([
  ['n', 1n],
  ['ns', 1n],
  ['u', 1_000n],
  ['µ', 1_000n],
  ['us', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
])

/** Undefined for a precision that neither knows; nanoseconds when none is named. */
export const nanosecondsIn = (precision: string | null): bigint | undefined =>
  precision === null || precision === '' ? 1n : units.get(precision)
