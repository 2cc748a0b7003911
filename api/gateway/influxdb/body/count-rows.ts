import type { StatementResult } from '@warren/influxql/result'
import { rowCountOf } from '@warren/influxql/result-columns'

export const countRows = (results: readonly StatementResult[]): number =>
  results.reduce(
    (sum, { series = [] }) => sum + series.reduce((rows, one) => rows + rowCountOf(one), 0),
    0,
  )
