import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common'

interface InfluxqlTarget {
  readonly refId: string
  readonly datasource?: DataSourceRef
  readonly query: string
  readonly rawQuery: true
  readonly resultFormat: 'time_series' | 'table'
  readonly alias?: string
  _implementsDataqueryVariant(): void
}

export interface InfluxqlOptions {
  readonly query: string
  /** `$tag_host` and `$col` stand for a tag and the column. */
  readonly alias?: string
  readonly resultFormat?: 'time_series' | 'table'
  readonly refId?: string
}

/** A raw query of Grafana's InfluxDB data source: the SDK has no builder for it. */
export function influxqlQuery({
  query,
  alias,
  resultFormat = 'time_series',
  refId = 'A',
}: InfluxqlOptions): Builder<Dataquery> {
  const target: InfluxqlTarget = {
    refId,
    query,
    rawQuery: true,
    resultFormat,
    ...(alias === undefined ? {} : { alias }),
    // The SDK's mark of a query; a function does not reach the JSON.
    _implementsDataqueryVariant: () => undefined,
  }
  return { build: () => target }
}

export interface OverTime {
  readonly measurement: string
  /** Columns, as InfluxQL. */
  readonly select: string
  readonly where?: string
  readonly groupBy?: readonly string[]
  readonly alias?: string
}

/** Columns of a measurement over time, of the hosts that the dashboard's variable names. */
export function overTime({
  measurement,
  select,
  where,
  groupBy = [],
  alias,
}: OverTime): Builder<Dataquery> {
  const conditions = ['"host" =~ /^$host$/', ...(where === undefined ? [] : [where]), '$timeFilter']
  const dimensions = ['time($__interval)', '"host"', ...groupBy.map((tag) => `"${tag}"`)]
  const query = `SELECT ${select} FROM "${measurement}" WHERE ${conditions.join(' AND ')} GROUP BY ${dimensions.join(', ')} fill(null)`
  return influxqlQuery({
    query,
    alias: alias ?? ['$tag_host', ...groupBy.map((tag) => `$tag_${tag}`), '$col'].join(' '),
  })
}
