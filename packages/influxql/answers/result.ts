/** InfluxDB 1.8's answer shapes: https://docs.influxdata.com/influxdb/v1/tools/api/#query-data */

/** In an answer an integer beyond 2^53 is a bigint and every other one a number; while a query is evaluated, all of its integers are bigints. */
export type Value = number | bigint | string | boolean | null

export interface ResultSeries {
  readonly name?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly columns: readonly string[]
  readonly values: readonly (readonly Value[])[]
}

export interface ResultMessage {
  readonly level: string
  readonly text: string
}

export interface StatementResult {
  readonly statement_id: number
  readonly series?: readonly ResultSeries[]
  readonly messages?: readonly ResultMessage[]
  readonly error?: string
}
