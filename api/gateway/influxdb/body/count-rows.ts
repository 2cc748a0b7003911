import type { StatementResult } from '@warren/influxql/answers/result'
import { rowCountOf } from '@warren/influxql/answers/result-columns'

export const countRows = (results: readonly StatementResult[]): number =>
  results.reduce(
    (sum, { series = [] }) => sum + series.reduce((rows, one) => rows + rowCountOf(one), 0),
    0,
  )
