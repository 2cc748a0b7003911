import type { StatementResult } from '@warren/influxql/result'

export const countRows = (results: readonly StatementResult[]): number =>
  results.reduce(
    (sum, { series = [] }) => sum + series.reduce((rows, { values }) => rows + values.length, 0),
    0,
  )
