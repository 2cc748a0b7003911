import type { Value } from '../result.ts'

/** Of one column; an array of floats where all of them are. */
export type Values = readonly Value[] | Float64Array

/** Floats of a part are in the memory of all. */
export const partOf = (values: Values, from: number, to: number | undefined): Values =>
  values instanceof Float64Array ? values.subarray(from, to) : values.slice(from, to)
