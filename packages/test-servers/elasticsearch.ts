import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { answers } from './answers.ts'
import { installElasticsearch } from './elasticsearch-install.ts'
import { freePort } from './free-port.ts'
import { giveTo } from './run-as.ts'
import { startServer, type TestServer } from './test-server.ts'

const javaHome = '/usr/lib/jvm/java-17-openjdk-amd64'

/** Elasticsearch 8.19 without security, a single node with 1 GiB of heap. `settings` are lines of elasticsearch.yml; `diskMb` gives it a disk of its own (`ServerSpec`), which it watches as it does by default, only more often. */
export async function startElasticsearch(
  settings: readonly string[] = [],
  diskMb?: number,
): Promise<TestServer> {
  const { home, account } = await installElasticsearch()
  const [port, transportPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  return startServer({
    name: 'elasticsearch',
    port,
    url,
    diskMb,
    ...(account === undefined ? {} : { account }),
    async prepare(dataDir) {
      const config = join(dataDir, 'config')
      await cp(join(home, 'config'), config, { recursive: true })
      const lines = configuration({ dataDir, port, transportPort, diskMb, settings })
      await writeFile(join(config, 'elasticsearch.yml'), lines)
      await mkdir(join(config, 'jvm.options.d'), { recursive: true })
      await writeFile(join(config, 'jvm.options.d', 'heap.options'), '-Xms1g\n-Xmx1g\n')
      await mkdir(join(dataDir, 'tmp'))
      // It keeps a keystore beside its configuration.
      for (const folder of [config, join(dataDir, 'tmp')])
        if (account !== undefined) await giveTo(folder, account)
    },
    command: (dataDir) => [join(home, 'bin/elasticsearch'), '-p', join(dataDir, 'pid')],
    env: environment,
    ready: () => answers(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`),
    deadlineMs: 240_000,
    serverPid,
  })
}

const environment = (dataDir: string): Record<string, string> => ({
  ES_JAVA_HOME: javaHome,
  ES_PATH_CONF: join(dataDir, 'config'),
  ES_TMPDIR: join(dataDir, 'tmp'),
  HOME: dataDir,
})

interface Layout {
  readonly dataDir: string
  readonly port: number
  readonly transportPort: number
  readonly diskMb: number | undefined
  readonly settings: readonly string[]
}

const configuration = ({ dataDir, port, transportPort, diskMb, settings }: Layout): string =>
  [
    'discovery.type: single-node',
    'xpack.security.enabled: false',
    'network.host: 127.0.0.1',
    `http.port: ${port}`,
    `transport.port: ${transportPort}`,
    `path.data: ${join(dataDir, 'data')}`,
    `path.logs: ${join(dataDir, 'logs')}`,
    diskMb === undefined
      ? // A test machine's disk may be nearly full.
        'cluster.routing.allocation.disk.threshold_enabled: false'
      : 'cluster.info.update.interval: 10s',
    ...settings,
    '',
  ].join('\n')

/** The child is a launcher that ends with the server; the server ends when the launcher's pipe closes. */
function serverPid(dataDir: string): number {
  const pidFile = join(dataDir, 'pid')
  if (!existsSync(pidFile)) throw new Error('Elasticsearch does not run')
  return Number(readFileSync(pidFile, 'utf8'))
}
