/** Parts of bodies as Grafana builds them. */

export const hour = '3600000ms'
const from = Date.parse('2026-03-04T02:00:00Z')
const to = Date.parse('2026-03-04T12:00:00Z')

export const dates = (options: object) => ({
  date_histogram: { field: '@timestamp', min_doc_count: 1, format: 'epoch_millis', ...options },
})
export const terms = (field: string, more: object = {}) => ({
  terms: { field, size: 50, order: { _count: 'desc' }, min_doc_count: 1, ...more },
})
export const lucene = (query: string) => ({ query_string: { query, analyze_wildcard: true } })
export const severity = (type: string, more: object = {}) => ({
  [type]: { field: 'severity_number', ...more },
})

/** A histogram without holes and what Grafana puts into one. */
export const along = (children: object, interval: object = { fixed_interval: '6h' }) => ({
  2: {
    ...dates({ ...interval, min_doc_count: 0, extended_bounds: { min: from, max: to } }),
    aggs: children,
  },
})
