import { join } from 'node:path'
import { answers } from './answers.ts'
import { freePort } from './free-port.ts'
import { startServer, type TestServer } from './test-server.ts'

/** VictoriaMetrics 1.79 of the Debian package `victoria-metrics`. */
export async function startVictoriaMetrics(options: readonly string[] = []): Promise<TestServer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  return startServer({
    name: 'victoria-metrics',
    port,
    url,
    command: (dataDir) => [
      'victoria-metrics',
      `-storageDataPath=${join(dataDir, 'data')}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-memory.allowedBytes=200MB',
      '-retentionPeriod=100y',
      '-search.latencyOffset=0s',
      ...options,
    ],
    ready: () => answers(`${url}/health`),
    deadlineMs: 20_000,
  })
}
