/** InfluxDB 1.8's answer shapes: https://docs.influxdata.com/influxdb/v1/tools/api/#query-data */

export type Value = number | string | boolean | null

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
