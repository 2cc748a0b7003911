import type { Json } from '../../answer.ts'

/** What the numeric metrics of one bucket are computed from. */
export interface Sums {
  count: number
  sum: number
  squares: number
  min: number
  max: number
}

/** Without a value everything is null; a sample of one has no variance, which Elasticsearch prints as a text. */
function printed(value: number, count: number): number | string | null {
  if (count === 0) return null
  return Number.isNaN(value) ? 'NaN' : value
}

export type ExtendedStats = Readonly<Record<string, Json>> & {
  readonly std_deviation_bounds: Readonly<Record<string, Json>>
}

/** What `extended_stats` has beyond `stats`: https://www.elastic.co/docs/reference/aggregations/search-aggregations-metrics-extendedstats-aggregation */
export function extendedStats({ count, sum, squares }: Sums, sigma: number): ExtendedStats {
  const mean = sum / count
  const population = Math.max(0, (squares - (sum * sum) / count) / count)
  const sampling =
    count > 1 ? Math.max(0, (squares - (sum * sum) / count) / (count - 1)) : Number.NaN
  const print = (value: number) => printed(value, count)
  const bound = (variance: number, sign: number) => print(mean + sign * sigma * Math.sqrt(variance))
  return {
    sum_of_squares: count === 0 ? null : squares,
    variance: print(population),
    variance_population: print(population),
    variance_sampling: print(sampling),
    std_deviation: print(Math.sqrt(population)),
    std_deviation_population: print(Math.sqrt(population)),
    std_deviation_sampling: print(Math.sqrt(sampling)),
    std_deviation_bounds: {
      upper: bound(population, 1),
      lower: bound(population, -1),
      upper_population: bound(population, 1),
      lower_population: bound(population, -1),
      upper_sampling: bound(sampling, 1),
      lower_sampling: bound(sampling, -1),
    },
  }
}

/** The bounds as paths of orders and pipelines name them: `std_upper`, `std_lower_sampling`. */
export function namedBounds(bounds: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(bounds).map(([key, value]) => [`std_${key}`, value]))
}
