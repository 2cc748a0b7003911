import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { answers } from './answers.ts'
import { startInfluxdb } from './influxdb.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'
import { removeTempDir } from './temp-dir.ts'
import { startVictoriaMetrics } from './victoria-metrics.ts'

const starters = { startInfluxdb, startVictoriaMetrics, startPostgres, startRedis }

test.each(Object.entries(starters))('%s: killed, restarted in place, closed', async (_, start) => {
  const server = await start()
  const { pid, url } = server
  await server.kill('SIGKILL')
  await server.restart()
  expect(server.pid).not.toBe(pid)
  expect(server.url).toBe(url)
  await server.kill('SIGSTOP')
  await server.close()
  await server.close()
  expect(existsSync(server.dataDir)).toBe(false)
})

test('a server ends with the process that started it', async () => {
  const code = `import { startInfluxdb } from ${JSON.stringify(join(import.meta.dirname, 'influxdb.ts'))}
    const { url, dataDir } = await startInfluxdb()
    console.log(JSON.stringify({ url, dataDir }))`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  const { url, dataDir } = JSON.parse(text.toString()) as { url: string; dataDir: string }
  await answers(`${url}/ping`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await expect.poll(() => answers(`${url}/ping`).catch(() => 'gone')).toBe('gone')
  await removeTempDir(dataDir)
})
