export interface GrafanaAccess {
  /** The gateway as Grafana reaches it. */
  readonly gateway: string
  /** Text that stands for the password of each data source: a token, or what Grafana expands to one. */
  readonly metricsToken: string
  readonly logsToken: string
}

/** Grafana's two stock data sources through the gateway, as a provisioning file
 *  (https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources): for the console's page and for compose alike. */
export const grafanaDataSources = ({
  gateway,
  metricsToken,
  logsToken,
}: GrafanaAccess): string => `apiVersion: 1
datasources:
  - name: Warren metrics
    uid: warren-metrics
    type: influxdb
    access: proxy
    url: ${gateway}/influxdb
    user: grafana
    jsonData:
      version: InfluxQL
      dbName: warren
      httpMode: POST
      timeInterval: 10s
    secureJsonData:
      password: ${metricsToken}
  - name: Warren logs
    uid: warren-logs
    type: elasticsearch
    access: proxy
    url: ${gateway}/elasticsearch
    basicAuth: true
    basicAuthUser: grafana
    jsonData:
      index: logs-*
      timeField: '@timestamp'
      logMessageField: message
      logLevelField: log.level
      maxConcurrentShardRequests: 5
    secureJsonData:
      basicAuthPassword: ${logsToken}
`
