import type { HoltWintersCall, MovingCall, Script } from '../../script/tree.ts'

/** One of Elasticsearch's `MovingFunctions` over finite values, oldest first; not a number where there is none. */
export function moving(
  call: MovingCall,
  values: readonly number[],
  evaluate: (script: Script) => number,
): number {
  switch (call.name) {
    case 'max':
      return values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.max(a, b))
    case 'min':
      return values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.min(a, b))
    case 'sum':
      return sumOf(values)
    case 'unweightedAvg':
      return sumOf(values) / values.length
    case 'linearWeightedAvg':
      return linearWeighted(values)
    case 'stdDev':
      return deviation(values, evaluate(call.average))
    case 'ewma':
      return smoothed(values, call.alpha)
    case 'holt':
      return holt(values, call.alpha, call.beta)
    case 'holtWinters':
      return holtWinters(values, call)
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** The weights' total starts at 1 there, so the average is a little low: kept as it is. */
function linearWeighted(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN
  let weights = 1
  let weighted = 0
  values.forEach((value, at) => {
    weights += at + 1
    weighted += value * (at + 1)
  })
  return weighted / weights
}

function deviation(values: readonly number[], average: number): number {
  return Math.sqrt(sumOf(values.map((value) => (value - average) ** 2)) / values.length)
}

function smoothed([first = Number.NaN, ...values]: readonly number[], alpha: number): number {
  return values.reduce((average, value) => value * alpha + average * (1 - alpha), first)
}

/** The smoothed level after the last value. */
function holt(values: readonly number[], alpha: number, beta: number): number {
  let level = values[0] ?? Number.NaN
  let trend = 0
  for (const value of values.slice(1)) {
    const before = level
    level = alpha * value + (1 - alpha) * (before + trend)
    trend = beta * (level - before) + (1 - beta) * trend
  }
  return level
}

/** Keeps a multiplicative season from dividing by zero. */
const padding = 1e-10

/** Level and seasonal factors of the first period. */
function firstSeason(values: readonly number[], period: number) {
  const first = values.slice(0, period)
  const level = sumOf(first) / period
  return { level, seasonal: first.map((value) => (level === 0 ? 0 : value / level)) }
}

/** As there: the trend starts at 0, and additive factors start as quotients. */
function holtWinters(sent: readonly number[], call: HoltWintersCall): number {
  const { alpha, beta, gamma, period, multiplicative } = call
  if (sent.length < 2 * period) return Number.NaN
  const values = multiplicative ? sent.map((value) => value + padding) : sent
  const { level: firstLevel, seasonal } = firstSeason(values, period)
  let level = firstLevel
  let trend = 0
  values.slice(period).forEach((value, at) => {
    const factor = seasonal[at] ?? 0
    const [before, slope] = [level, trend]
    const deseasoned = multiplicative ? value / factor : value - factor
    level = alpha * deseasoned + (1 - alpha) * (before + slope)
    trend = beta * (level - before) + (1 - beta) * slope
    const season = multiplicative ? value / (before + slope) : value - (before - slope)
    seasonal.push(gamma * season + (1 - gamma) * factor)
  })
  const factor = seasonal[values.length - period] ?? 0
  return multiplicative ? (level + trend) * factor : level + trend + factor
}
