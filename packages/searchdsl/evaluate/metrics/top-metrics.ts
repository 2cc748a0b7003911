import type { Json } from '../../answer.ts'
import { fieldType } from '../../field-types.ts'
import { formatDateMs } from '../../time/date-text.ts'
import type { TopMetricsMetric } from '../../tree.ts'
import type { Aggregator } from '../aggregator.ts'
import { compareBySort, type SortKey, sortKeyOf } from '../hits/sort-key.ts'
import type { RecordView } from '../record-view.ts'

/** The metrics of the first records in the sort's order; a record without the sort field counts for nothing. */
export function compileTopMetrics({ metrics, sort, size }: TopMetricsMetric): () => Aggregator {
  const compare = compareBySort([sort])
  const bodyOf = (record: RecordView) => ({
    sort: [print(sort.field, record)],
    metrics: Object.fromEntries(metrics.map((field) => [field, print(field, record)])),
  })
  return () => {
    const top: { readonly key: SortKey; readonly body: Readonly<Record<string, Json>> }[] = []
    return {
      add: (record) => {
        if (record.get(sort.field) === undefined) return
        const key = sortKeyOf([sort], record)
        const last = top[size - 1]
        if (last !== undefined && compare(key, last.key) >= 0) return
        // Not the record: it may be large, and holds more than what is asked for.
        top.push({ key, body: bodyOf(record) })
        top.sort((a, b) => compare(a.key, b.key))
        top.length = Math.min(top.length, size)
      },
      answer: () => ({ top: top.map(({ body }) => body) }),
    }
  }
}

function print(field: string, record: RecordView): Json {
  const value = record.get(field)
  if (value === undefined) return null
  return fieldType(field) === 'date' && typeof value === 'number'
    ? formatDateMs(value, undefined)
    : value
}
