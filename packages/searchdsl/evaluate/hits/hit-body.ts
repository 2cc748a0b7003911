import type { Hit, Json } from '../../answer.ts'
import { fieldType } from '../../field-types.ts'
import { formatDate } from '../../time/date-text.ts'
import type { FieldSelector, SearchRequest } from '../../tree.ts'
import type { RecordView } from '../record-view.ts'
import { createHighlighter } from './highlight.ts'
import { printSortKey } from './sort-key.ts'
import { filterSource, matchesName } from './source-filter.ts'
import type { Ranked } from './top-hits.ts'

/** A hit as the request wants to see it. */
export function createHitPrinter(request: SearchRequest, nowMs: number): (hit: Ranked) => Hit {
  const highlight = createHighlighter(request, nowMs)
  return ({ record, key }) => {
    const source = filterSource(record.source(), request.source)
    const fields = {
      ...docvalues(record, request.docvalueFields),
      ...selected(record, request.fields),
    }
    const marked = highlight(record)
    return {
      _index: record.index,
      _id: record.id,
      _score: null,
      ...(source === undefined ? {} : { _source: source }),
      ...(Object.keys(fields).length === 0 ? {} : { fields }),
      ...(marked === undefined ? {} : { highlight: marked }),
      sort: printSortKey(key),
    }
  }
}

type Fields = Record<string, readonly Json[]>

/** `fields`: every mapped field that the name matches. */
function selected(record: RecordView, selectors: readonly FieldSelector[]): Fields {
  const fields: Fields = {}
  for (const { field, format } of selectors) {
    if (!field.includes('*')) addField(fields, record, { field, format })
    else
      for (const name of Object.keys(record.source()))
        if (matchesName(field, name)) addField(fields, record, { field: name, format })
  }
  return fields
}

/** `docvalue_fields`: as `fields`, but text has none. */
function docvalues(record: RecordView, selectors: readonly FieldSelector[]): Fields {
  const fields = selected(record, selectors)
  delete fields['message']
  return fields
}

interface Wanted {
  readonly field: string
  readonly format: string | undefined
}

function addField(fields: Fields, record: RecordView, { field, format }: Wanted): void {
  const attributes = field === 'attributes' ? record.source()['attributes'] : undefined
  if (attributes !== undefined) fields[field] = [attributes]
  const value = field === '_id' ? undefined : record.get(field)
  if (value === undefined || fieldType(field) === undefined) return
  fields[field] = [printValue(record, { field, format }, value)]
}

function printValue(record: RecordView, wanted: Wanted, value: string | number): Json {
  const { field, format } = wanted
  if (typeof value !== 'number' || fieldType(field) !== 'date') return value
  return formatDate({ ms: value, nanos: record.nanos(field) }, format)
}
