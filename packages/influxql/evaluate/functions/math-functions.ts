import type { Value } from '../../answers/result.ts'

type MathFunction = (first: number, second: number) => number

/** The double nearest to it; the quotient of the logarithms is another. */
const log10Of2 = 0.3010299956639812

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
  ['log2', log2],
  ['log10', (value) => log2(value) * log10Of2],
  ['sqrt', Math.sqrt],
  ['floor', Math.floor],
  ['ceil', Math.ceil],
  ['round', awayFromZero],
  ['pow', (base, exponent) => base ** exponent],
  ['atan2', Math.atan2],
  ['log', (value, base) => Math.log(value) / Math.log(base)],
])

/** Powers of two are exact, as Go takes the exponent apart from the rest. */
function log2(value: number): number {
  if (!Number.isFinite(value) || value <= 0) return Math.log2(value)
  let [rest, exponent] = [value, 0]
  while (rest >= 1) [rest, exponent] = [rest / 2, exponent + 1]
  while (rest < 0.5) [rest, exponent] = [rest * 2, exponent - 1]
  return rest === 0.5 ? exponent - 1 : exponent + Math.log(rest) * Math.LOG2E
}

/** As Go rounds halves; what is rounded to zero keeps its sign. */
function awayFromZero(value: number): number {
  const whole = Math.trunc(value)
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole
}

const binary: ReadonlySet<string> = new Set(['pow', 'atan2', 'log'])

/** What these make of an integer is an integer. */
const ofIntegers: ReadonlyMap<string, (value: bigint) => bigint> = new Map([
  ['abs', (value: bigint) => BigInt.asIntN(64, value < 0n ? -value : value)],
  ['floor', (value: bigint) => value],
  ['ceil', (value: bigint) => value],
  ['round', (value: bigint) => value],
])

export function isMathFunction(name: string): boolean {
  return functions.has(name)
}

export function keepsIntegers(name: string): boolean {
  return ofIntegers.has(name)
}

export function mathArity(name: string): number {
  return binary.has(name) ? 2 : 1
}

/** Null for what is no number. */
export function applyMath(name: string, args: readonly Value[]): Value {
  const [first = null, second = 0] = args
  if (typeof first === 'bigint') {
    const exact = ofIntegers.get(name)
    if (exact !== undefined) return exact(first)
  }
  if (!isNumeric(first) || !isNumeric(second)) return null
  return functions.get(name)?.(Number(first), Number(second)) ?? null
}

const isNumeric = (value: Value): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'
