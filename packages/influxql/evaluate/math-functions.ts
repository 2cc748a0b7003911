import type { Value } from '../result.ts'

type MathFunction = (first: number, second: number) => number

const functions: ReadonlyMap<string, MathFunction> = new Map<string, MathFunction>([
  ['abs', Math.abs],
  ['sin', Math.sin],
  ['cos', Math.cos],
  ['tan', Math.tan],
  ['asin', Math.asin],
  ['acos', Math.acos],
  ['atan', Math.atan],
  ['exp', Math.exp],
  ['ln', Math.log],
  ['log2', Math.log2],
  ['log10', Math.log10],
  ['sqrt', Math.sqrt],
  ['floor', Math.floor],
  ['ceil', Math.ceil],
  // Away from zero, as Go rounds.
  ['round', (value) => Math.sign(value) * Math.round(Math.abs(value))],
  ['pow', (base, exponent) => base ** exponent],
  ['atan2', Math.atan2],
  ['log', (value, base) => Math.log(value) / Math.log(base)],
])

const binary: ReadonlySet<string> = new Set(['pow', 'atan2', 'log'])

export function isMathFunction(name: string): boolean {
  return functions.has(name)
}

export function mathArity(name: string): number {
  return binary.has(name) ? 2 : 1
}

/** Null for what is no number, and for what JSON cannot hold. */
export function applyMath(name: string, args: readonly Value[]): Value {
  const [first, second = 0] = args
  if (typeof first !== 'number' || typeof second !== 'number') return null
  const result = functions.get(name)?.(first, second) ?? Number.NaN
  return Number.isFinite(result) ? result : null
}
