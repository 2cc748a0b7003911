import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { answers } from './answers.ts'
import { freePort } from './free-port.ts'
import { startServer, type TestServer } from './test-server.ts'

export interface InfluxdbOptions {
  /** Further lines of its configuration, TOML: whole sections, not `meta`, `data` or `http`. */
  readonly configuration?: string
  /** Further lines of the section `[http]`. */
  readonly http?: string
  /** Of a disk of its own (`ServerSpec`). */
  readonly diskMb?: number | undefined
}

/** InfluxDB 1.6 of the Debian package `influxdb`. */
export async function startInfluxdb(options: InfluxdbOptions = {}): Promise<TestServer> {
  const [port, rpcPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  return startServer({
    name: 'influxdb',
    port,
    url,
    diskMb: options.diskMb,
    prepare: (dataDir) =>
      writeFile(join(dataDir, 'influxdb.conf'), configuration({ dataDir, port, rpcPort, options })),
    command: (dataDir) => ['influxd', 'run', '-config', join(dataDir, 'influxdb.conf')],
    ready: () => answers(`${url}/ping`),
    deadlineMs: 20_000,
  })
}

interface Layout {
  readonly dataDir: string
  readonly port: number
  readonly rpcPort: number
  readonly options: InfluxdbOptions
}

const configuration = ({ dataDir, port, rpcPort, options }: Layout): string => `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
dir = "${dataDir}/meta"
[data]
dir = "${dataDir}/data"
wal-dir = "${dataDir}/wal"
query-log-enabled = false
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:${port}"
log-enabled = false
${options.http ?? ''}
${options.configuration ?? ''}
`
