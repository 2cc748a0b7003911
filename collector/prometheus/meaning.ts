import type { MetricMetadata } from '@warren/contracts/metric-metadata'

/** `MetricMetadata` of 1.0 and `Metadata` of 2.0 but for the name; '' is unknown. */
export interface MetricDescription {
  /** The number of a `MetricType`, the same in both versions. */
  readonly type: number
  readonly help: string
  readonly unit: string
}

const types = [
  ...['unknown', 'counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info'],
  'stateset',
] as const

type MetricType = (typeof types)[number]

const typeOf = ({ type }: MetricDescription): MetricType => types[type] ?? 'unknown'

/** Of the names of a family's series. A counter `x` is the series `x` in the text format and `x_total` in OpenMetrics, and metadata do not say which:
 *  https://prometheus.io/docs/specs/om/open_metrics_spec/#suffixes */
const suffixes: Readonly<Record<MetricType, readonly string[]>> = {
  ...{ unknown: [''], gauge: [''], stateset: [''] },
  counter: ['', '_total'],
  histogram: ['_bucket', '_count', '_sum'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  summary: ['', '_count', '_sum'],
  info: ['', '_info'],
}

/** Those of Prometheus that Metrics 2.0 spells otherwise: https://prometheus.io/docs/practices/naming/#base-units */
const units: ReadonlyMap<string, string> = new Map([
  ...([
    ['seconds', 's'],
    ['bytes', 'B'],
    ['meters', 'm'],
    ['grams', 'g'],
  ] as const),
  ...([
    ['joules', 'J'],
    ['volts', 'V'],
    ['amperes', 'A'],
    ['celsius', '°C'],
    ['ratio', ''],
  ] as const),
])

const maxWords = 255
const maxUnit = 64

/** Series that count values, and so have not their unit. */
const counting = /_(?:bucket|g?count)$/

/** Without a unit the name has it, as its convention is, when it is one of those above. */
function unitOf(name: string, type: MetricType, { unit }: MetricDescription): string | undefined {
  if (type.endsWith('histogram') || type === 'summary') if (counting.test(name)) return undefined
  const word = /_([a-z]+)$/.exec(name.replace(/_(?:total|g?sum)$/, ''))?.[1] ?? ''
  const found = unit === '' ? units.get(word) : (units.get(unit) ?? unit)
  return found === '' || (found?.length ?? 0) > maxUnit ? undefined : found
}

function mtypeOf(name: string, type: MetricType): MetricMetadata['mtype'] {
  if (type === 'unknown') return undefined
  if (type === 'summary') return /_(?:sum|count)$/.test(name) ? 'counter' : 'gauge'
  return type === 'counter' || type === 'histogram' ? 'counter' : 'gauge'
}

/** The names of the series that a family may have. */
export const seriesOf = (family: string, description: MetricDescription): readonly string[] =>
  suffixes[typeOf(description)]
    .filter((suffix) => suffix === '' || !family.endsWith(suffix))
    .map((suffix) => family + suffix)

/** What the values of the series of that name mean, as Metrics 2.0 says it; undefined when nothing is known. */
export function meaningOf(
  name: string,
  description: MetricDescription,
): MetricMetadata | undefined {
  if (name === '' || name.length > maxWords) return undefined
  const type = typeOf(description)
  const mtype = mtypeOf(name, type)
  const unit = unitOf(name, type, description)
  const what = description.help.slice(0, maxWords)
  if (mtype === undefined && unit === undefined && what === '') return undefined
  return {
    ...{ measurement: name, field: 'value' },
    ...(mtype === undefined ? {} : { mtype }),
    ...(unit === undefined ? {} : { unit }),
    ...(what === '' ? {} : { what }),
  }
}
