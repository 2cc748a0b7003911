/** Live ranges end on this grid, so that all who look within one step of it ask the same. */
export const gridMs = 5000

/** The point of the grid at or before a moment. */
export const gridAt = (ms: number): number => ms - (ms % gridMs)
