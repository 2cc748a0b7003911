import type { MetricMetadata } from '@warren/contracts/metric-metadata'
import { type MetricDescription, meaningOf, seriesOf } from './meaning.ts'

/** As many as all senders of a tenant may describe. */
const maxSeries = 20_000

/** What a request says of its series, by their names. */
export interface Described {
  family(name: string, description: MetricDescription): void
  /** The first one of a name stays: 2.0 repeats it with each series. */
  series(name: string, description: MetricDescription): void
  metadata(): readonly MetricMetadata[]
}

export function createDescribed(onTooMany: () => void): Described {
  const found = new Map<string, MetricMetadata | undefined>()
  const add = (name: string, description: MetricDescription): void => {
    if (found.has(name)) return
    if (found.size < maxSeries) found.set(name, meaningOf(name, description))
    else onTooMany()
  }
  return {
    family: (name, description) => {
      for (const series of seriesOf(name, description)) add(series, description)
    },
    series: add,
    metadata: () => [...found.values()].filter((meaning) => meaning !== undefined),
  }
}
