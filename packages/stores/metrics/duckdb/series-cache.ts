import { parseSeriesKey, type SeriesName } from './series-key.ts'

export interface KnownSeries extends SeriesName {
  /** Sorts as InfluxDB sorts series: by the bytes of the key. */
  readonly order: string
}

const maxKeys = 50_000

/** Parsed series keys, since every read of a dictionary meets the same ones. */
export class SeriesCache {
  readonly #known = new Map<string, KnownSeries>()

  get(key: string): KnownSeries {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const parsed = { ...parseSeriesKey(key), order: Buffer.from(key).toString('latin1') }
    if (this.#known.size >= maxKeys) this.#known.clear()
    this.#known.set(key, parsed)
    return parsed
  }
}
