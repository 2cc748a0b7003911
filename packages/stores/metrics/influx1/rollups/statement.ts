import { printName } from '@warren/influxql/print/name'
import { printColumn, type RollupColumn } from './columns.ts'

/** Windows of some columns of one measurement. */
export interface MeasurementStep {
  readonly tenant: string
  /** Policies. */
  readonly from: string
  readonly into: string
  /** Of a window, seconds. */
  readonly width: number
  /** Seconds since the epoch. */
  readonly start: number
  readonly end: number
  readonly measurement: string
  readonly columns: readonly RollupColumn[]
}

export const selectOf = ({ columns, measurement, from }: MeasurementStep, into = ''): string =>
  `SELECT ${columns.map(printColumn).join(', ')}${into} FROM "${from}".${printName(measurement)}`

/** Of a step, or of one of its windows. */
export const during = ({ start, end }: { readonly start: number; readonly end: number }): string =>
  `WHERE time >= ${start}s AND time < ${end}s`

export const byWindow = ({ width }: MeasurementStep): string =>
  `GROUP BY time(${width}s), * fill(none)`
