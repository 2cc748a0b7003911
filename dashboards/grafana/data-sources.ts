import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common'
import { DatasourceVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard'

/** Panels name a variable, never a data source: a dashboard works wherever it is imported. */
export const metricsSource: DataSourceRef = { type: 'influxdb', uid: '$metrics' }
export const logsSource: DataSourceRef = { type: 'elasticsearch', uid: '$logs' }

export const metricsVariable = () =>
  new DatasourceVariableBuilder('metrics').label('Metrics').type('influxdb').regex('/^Warren/')

export const logsVariable = () =>
  new DatasourceVariableBuilder('logs').label('Logs').type('elasticsearch').regex('/^Warren/')
