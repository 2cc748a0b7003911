import { malformed } from './errors.ts'

/** Bounds of a histogram of numbers, or of dates in milliseconds once it is known when now is. Throws a `SearchError`. */
export function checkBounds({ min, max }: { min: number; max: number }): void {
  if (min > max)
    throw malformed(
      `[extended_bounds.min][${min}] cannot be greater than [extended_bounds.max][${max}]`,
    )
}
