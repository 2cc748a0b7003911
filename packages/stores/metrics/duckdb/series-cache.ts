import { parseSeriesKey, type SeriesName, toSeriesKey } from './series-key.ts'

export interface KnownSeries extends SeriesName {
  /** Sorts as InfluxDB sorts series that nobody stamped: by the bytes of the key. */
  readonly order: string
}

/** The stamp, which all series of a tenant have and no caller sees, must not part `host=a` from `host=a,region=b`. */
const stamp = 'tenant'

function orderOf({ measurement, tags }: SeriesName): string {
  return toSeriesKey({ measurement, tags: new Map([...tags].filter(([name]) => name !== stamp)) })
}

const maxKeys = 50_000

/** Parsed series keys, since every read of a dictionary meets the same ones. */
export class SeriesCache {
  readonly #known = new Map<string, KnownSeries>()

  get(key: string): KnownSeries {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const series = parseSeriesKey(key)
    const parsed = { ...series, order: Buffer.from(orderOf(series)).toString('latin1') }
    if (this.#known.size >= maxKeys) this.#known.clear()
    this.#known.set(key, parsed)
    return parsed
  }
}
