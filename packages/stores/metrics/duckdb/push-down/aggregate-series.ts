import type { AggregateRequest } from '@warren/influxql/evaluate/source'
import { ColumnSlots } from '../column-rows.ts'
import { type DaySource, readNumbers, type StoredColumn } from '../day-reader.ts'
import { fieldKinds } from '../schema.ts'
import { bucketsOf, type DayRequest } from './aggregate-columns.ts'
import type { AggregatedGroups } from './aggregated-groups.ts'
import { DayCells, SeriesSums } from './series-sums.ts'

/** Of all groups and fields: up to five numbers each. */
const maxCells = 250_000

/** Figures of groups that are one series each, made of the rows as they come, without columns between. */
export class SeriesAggregate {
  readonly #request: AggregateRequest
  readonly #groups: AggregatedGroups
  /** All that there were when it was begun. */
  readonly #count: number
  readonly #sums: SeriesSums

  private constructor(request: AggregateRequest, groups: AggregatedGroups) {
    const { needs, fields, starts } = request
    this.#request = request
    this.#groups = groups
    this.#count = groups.count
    this.#sums = new SeriesSums(groups.count * fields.length * starts.length, needs.extremes)
  }

  /** Undefined where the values had better be read. */
  static begin(request: AggregateRequest, groups: AggregatedGroups): SeriesAggregate | undefined {
    const { needs, fields, starts, types } = request
    const cells = groups.count * fields.length * starts.length
    const areFloats = fields.every((field) => types.get(field) === 'float')
    if (!groups.areSeries() || !areFloats || needs.medians || cells === 0 || cells > maxCells)
      return undefined
    return new SeriesAggregate(request, groups)
  }

  /** Adds one day; false where it has integers, or a series that came since. `onValues` is told how many values came; it throws to stop. */
  async addDay(
    day: DaySource,
    request: DayRequest,
    onValues: (count: number) => void,
  ): Promise<boolean> {
    const { columns, range } = request
    const sorted = columns.toSorted((a, b) => a.id - b.id)
    const firstCells = this.#firstCells(sorted, request)
    if (firstCells === undefined) return false
    const ids = sorted.map(({ id }) => id)
    const { startNs, widthNs } = bucketsOf(request)
    const places = { slots: new ColumnSlots(ids), firstCells, startNs, widthNs }
    const cells = new DayCells(this.#sums, places)
    for await (const piece of readNumbers(day, { ids, range })) {
      onValues(piece.columns.length)
      cells.add(piece)
    }
    cells.end()
    return true
  }

  /** By column, the cell of the day's first bucket. */
  #firstCells(columns: readonly StoredColumn[], request: DayRequest): Int32Array | undefined {
    const groups = this.#groups
    const { fields, starts } = this.#request
    const { firstIndex } = bucketsOf(request)
    const cells = Int32Array.from(columns, ({ seriesKey, field }) => {
      const group = groups.add(request.cache.get(seriesKey))
      return (fields.indexOf(field) * this.#count + group) * starts.length + firstIndex
    })
    const areKnown = groups.count === this.#count && groups.areSeries()
    const areFloats = columns.every(({ kind }) => kind !== fieldKinds.integer)
    return areKnown && areFloats ? cells : undefined
  }

  /** Puts the figures where the groups have them. Returns the memory under them. */
  end(): readonly Float64Array[] {
    const { fields, starts } = this.#request
    for (const [at, field] of fields.entries())
      for (let group = 0; group < this.#count; group++) {
        const first = (at * this.#count + group) * starts.length
        const sums = this.#sums.sumsOf(first, starts.length)
        if (sums !== undefined) this.#groups.put(group, field, sums)
      }
    return this.#sums.arrays()
  }
}
