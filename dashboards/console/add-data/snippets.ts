import type { CreatedSender } from '@warren/contracts/http/senders'

/** A whole `telegraf.conf`: output to the collector's InfluxDB input. */
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

/** Shell commands in a clone on the other host: the agent's configuration, which nobody else may read, and its start. */
export function agentSnippet({ url, user, secret, tenant }: CreatedSender): string {
  const address = url.replace(
    '://',
    `://${encodeURIComponent(user)}:${encodeURIComponent(secret)}@`,
  )
  return `npm ci
(umask 077 && cat > agent.yaml) <<'END'
amqpUrl: '${address}'
tenant: ${tenant}
dataDir: ./data/agent
tail:
  - paths: ['/var/log/*.log']
    dataset: system
END
npm run agent -- --config agent.yaml
`
}

/** Outputs of a Filebeat and of a Promtail, and what shippers of each kind need. Filebeat takes an address without a port for one at 9200. */
export function shippersSnippet({ url, user, secret }: CreatedSender): string {
  const { protocol, hostname, port, pathname } = new URL(url)
  const usualPort = protocol === 'https:' ? '443' : '80'
  return `# filebeat.yml
output.elasticsearch:
  hosts: ["${protocol}//${hostname}:${port || usualPort}"]
  path: ${pathname.replace(/\/$/, '')}/elasticsearch
  username: ${user}
  password: "${secret}"

# promtail.yaml
clients:
  - url: ${url}/loki/api/v1/push
    bearer_token: "${secret}"
`
}

/** Opens every listener of the collector that has no other setting. */
export const listenersSnippet = `WARREN_COLLECTOR__LISTENERS='[{"type":"statsd"},{"type":"graphite"},{"type":"syslog"},{"type":"gelf"}]' npm start`
