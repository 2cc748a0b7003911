import type { CreatedSender } from '@warren/contracts/http/senders'

/** Telegraf 1.2x, output to the collector's InfluxDB input. */
export const telegrafSnippet = ({ url, user, secret }: CreatedSender): string => `[agent]
  interval = "10s"
  flush_interval = "10s"

[[outputs.influxdb]]
  urls = ["${url}"]
  database = "warren"
  skip_database_creation = true
  username = "${user}"
  password = "${secret}"
  content_encoding = "gzip"

[[inputs.cpu]]
[[inputs.mem]]
[[inputs.swap]]
[[inputs.system]]
[[inputs.kernel]]
[[inputs.processes]]
[[inputs.disk]]
  ignore_fs = ["tmpfs", "devtmpfs", "devfs", "iso9660", "overlay", "aufs", "squashfs"]
[[inputs.diskio]]
[[inputs.net]]
`

/** The environment of `npm run agent` in a clone on the other host. */
export function agentSnippet({ url, user, secret, tenant }: CreatedSender): string {
  const address = url.replace(
    '://',
    `://${encodeURIComponent(user)}:${encodeURIComponent(secret)}@`,
  )
  return `umask 077; cat > agent.yaml <<'END'
agent:
  tenant: ${tenant}
  tail:
    - paths: ['/var/log/*.log']
      dataset: system
END
printf '%s' '${address}' > agent-url
WARREN_AGENT__URL_FILE=agent-url npm run agent -- --config agent.yaml
`
}

/** Grafana's provisioning file for both data sources. */
export const grafanaSnippet = (gateway: string, token: string): string => `apiVersion: 1
datasources:
  - name: Warren metrics
    uid: warren-metrics
    type: influxdb
    access: proxy
    url: ${gateway}/influxdb
    user: grafana
    jsonData:
      dbName: warren
      httpMode: POST
    secureJsonData:
      password: ${token}
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
    secureJsonData:
      basicAuthPassword: ${token}
`
