import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Daemon, startDaemon } from './child.ts'

interface Options {
  readonly folder: string
  readonly port: number
  /** Where it writes to, with the token of a sender. */
  readonly url: string
  readonly token: string
}

/** Prometheus that scrapes itself every second, and writes it all to a remote. */
export async function startPrometheus({ folder, port, url, token }: Options): Promise<Daemon> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'prometheus.yml')
  await writeFile(
    file,
    `global:
  scrape_interval: 1s
  scrape_timeout: 1s
scrape_configs:
  - job_name: prometheus
    static_configs:
      - targets: ['127.0.0.1:${port}']
remote_write:
  - url: ${url}
    authorization:
      credentials: ${token}
    metadata_config:
      send_interval: 2s
`,
    { mode: 0o600 },
  )
  const flags = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]
  return startDaemon(['prometheus', ...flags], folder)
}
