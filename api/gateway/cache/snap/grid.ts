/** Live ranges end on this grid, so that all who look within one step of it ask the same. */
export const gridMs = 5000

/** The point of the grid at or before a moment. */
export const gridAt = (ms: number): number => ms - (ms % gridMs)

/** The last multiple of a step that is not after a moment, also before 1970. */
export const floorTo = (ns: bigint, stepNs: bigint): bigint =>
  ns - (((ns % stepNs) + stepNs) % stepNs)
