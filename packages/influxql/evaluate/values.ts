import type { Value } from '../answers/result.ts'

/** Of one column; an array of floats where all of them are. */
export type Values = readonly Value[] | Float64Array

/** Copies of a part: a view of floats would keep the memory of all. */
export const partOf = (values: Values, from: number, to: number | undefined): readonly Value[] =>
  values instanceof Float64Array ? Array.from(values.subarray(from, to)) : values.slice(from, to)
