import type { CostParts } from './cost-parts.ts'

/** Reading so many values, writing so many, matching a regex against so many series, opening so many series, or so many characters of text cost one unit each. */
const aUnit = { points: 10_000, values: 10_000, matches: 10_000, series: 2000, size: 20_000 }

/** A call adds this part of what reading its values costs. */
const aFunction = 0.25

export function toUnits(parts: CostParts, size: number): number {
  const { points, values, series, functions, regexes } = parts
  const work =
    (points * (1 + aFunction * functions)) / aUnit.points +
    values / aUnit.values +
    (regexes * series) / aUnit.matches +
    series / aUnit.series +
    size / aUnit.size
  return Math.round((1 + work) * 100) / 100
}
