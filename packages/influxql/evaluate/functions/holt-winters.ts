import { type Minimum, minimize } from './nelder-mead.ts'

interface Series {
  /** Oldest first, as `times` is. */
  readonly times: readonly bigint[]
  readonly values: readonly number[]
}

interface ForecastOptions {
  readonly intervalNs: bigint
  /** Points to forecast. */
  readonly count: number
  /** Points of a season; fewer than 2 is none. */
  readonly season: number
  readonly withFit: boolean
}

const epsilon = 1e-4
/** The corners of the first guesses, each for level, trend, season and damping: 0.3 and 0.7, added up as InfluxDB does. */
const guesses = [0.3, 0.3 + 0.4]
const weight = 0.5

/** The damped method of Holt and Winters with the best of sixteen fits: https://docs.influxdata.com/influxdb/v1/query_language/functions/#holt_winters */
export function forecast(series: Series, options: ForecastOptions): Series {
  const { count, season, intervalNs } = options
  const isSeasonal = season >= 2
  if (series.times.length < 2 || (isSeasonal && series.times.length < season) || count <= 0)
    return { times: [], values: [] }
  const known = evenlySpaced(series, intervalNs)
  if (known.length < 2) return { times: [], values: [] }
  const parameters = bestFit(known, isSeasonal ? season : 0)
  const all = project(known, count, parameters)
  return toPoints(options.withFit ? all : all.slice(known.length), series, options)
}

function toPoints(
  values: readonly number[],
  { times }: Series,
  { intervalNs, withFit }: ForecastOptions,
): Series {
  const origin = withFit ? (times[0] ?? 0n) : (times.at(-1) ?? 0n) + intervalNs
  const found = { times: [] as bigint[], values: [] as number[] }
  for (const [index, value] of values.entries()) {
    if (Number.isNaN(value)) continue
    found.times.push(origin + intervalNs * BigInt(index))
    found.values.push(value)
  }
  return found
}

/** To the nearest multiple; halves go down. */
function rounded(time: bigint, intervalNs: bigint): bigint {
  const rest = time % intervalNs
  return (rest > intervalNs / 2n ? time / intervalNs + 1n : time / intervalNs) * intervalNs
}

/** One value an interval, no number where there is no point. */
function evenlySpaced({ times, values }: Series, intervalNs: bigint): number[] {
  const found = [values[0] ?? Number.NaN]
  let at = rounded(times[0] ?? 0n, intervalNs)
  for (let index = 1; index < times.length; index++) {
    const time = rounded(times[index] ?? 0n, intervalNs)
    if (time <= at) continue
    at += intervalNs
    for (; at !== time; at += intervalNs) found.push(Number.NaN)
    found.push(values[index] ?? Number.NaN)
  }
  return found
}

const valueAt = (values: readonly number[], index: number): number => values[index] ?? Number.NaN

/** Level, trend and the seasons' weights to start from. */
function startOf(known: readonly number[], season: number): number[] {
  if (season > 0) return seasonalStart(known, season)
  const trend = weight * (valueAt(known, 1) - valueAt(known, 0))
  return [weight * valueAt(known, 0), Number.isNaN(trend) ? 0 : trend]
}

function seasonalStart(known: readonly number[], season: number): number[] {
  let level = 0
  let trend = 0
  for (let i = 0; i < season; i++) {
    const one = valueAt(known, i)
    const rise = valueAt(known, season + i) - one
    if (!Number.isNaN(one)) level += (1 / season) * one
    if (!Number.isNaN(rise)) trend += (1 / (season * season)) * rise
  }
  const weights = known.slice(0, season).map((one) => (Number.isNaN(one) ? 0 : one / level))
  return [level, trend, ...weights]
}

/** Every choice of four guesses, the last one changing first. */
const corners = guesses.flatMap((alpha) =>
  guesses.flatMap((beta) =>
    guesses.flatMap((gamma) => guesses.map((phi) => [alpha, beta, gamma, phi])),
  ),
)

function bestFit(known: readonly number[], season: number): number[] {
  const start = startOf(known, season)
  const costOf = (parameters: number[]) => squaredError(known, parameters)
  let best: Minimum | undefined
  for (const corner of corners) {
    const found = minimize(costOf, [...corner, ...start], epsilon)
    if (best === undefined || found.cost < best.cost) best = found
  }
  return best?.vertex ?? []
}

function squaredError(known: readonly number[], parameters: number[]): number {
  let sum = 0
  for (const [index, value] of project(known, 0, parameters).entries()) {
    const actual = valueAt(known, index)
    if (Number.isNaN(actual)) continue
    if (Number.isNaN(value)) return Number.POSITIVE_INFINITY
    const difference = value - actual
    sum += difference * difference
  }
  return sum
}

/** Keeps the four weights within 0 and 1, in place. */
function constrain(parameters: number[]): void {
  for (let i = 0; i < 4; i++) {
    if (valueAt(parameters, i) > 1) parameters[i] = 1
    if (valueAt(parameters, i) < 0) parameters[i] = 0
  }
}

/** The fit of the known values, then `count` more. The seasons' weights are a ring that is written in place, as InfluxDB does. */
function project(known: readonly number[], count: number, parameters: number[]): number[] {
  constrain(parameters)
  const [alpha = 0, beta = 0, gamma = 0, phi = 0] = parameters
  const season = parameters.length - 6
  let [level, trend] = [valueAt(parameters, 4), valueAt(parameters, 5)]
  let value = valueAt(known, 0)
  let damping = phi
  let shift = season - 1
  const found = [value]
  for (let t = 1; t < known.length + count; t++) {
    let [before, ahead] = [1, 1]
    if (season > 0) {
      const slot = (steps: number) =>
        6 + ((((t - season + steps + shift) % season) + season) % season)
      before = valueAt(parameters, slot(0))
      ahead = valueAt(parameters, slot(t % season))
    }
    const nextLevel = alpha * (value / before) + (1 - alpha) * (level + phi * trend)
    const nextTrend = beta * (nextLevel - level) + (1 - beta) * phi * trend
    const nextWeight = gamma * (value / (level + phi * trend)) + (1 - gamma) * before
    value = (nextLevel + damping * nextTrend) * ahead
    level = nextLevel
    trend = nextTrend
    damping += phi ** t
    if (season > 0) {
      parameters[6 + ((t + shift) % season)] = nextWeight
      shift++
    }
    found.push(value)
  }
  return found
}
