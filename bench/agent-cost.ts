import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import type { Bench, Measured } from './bench.ts'
import { cpuSeconds, peakRssMb, pssMb } from './process-cost.ts'

const warmUpMs = 15_000
const windowMs = 60_000

const main = createRequire(import.meta.url).resolve('@warren/agent-host/main')

/** Its start is not its cost: a minute is measured once it runs. */
async function run(): Promise<Measured> {
  const [rabbitmq, dataDir] = [await startRabbitmq(), await makeTempDir('agent-cost')]
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, WARREN_AMQP_URL: rabbitmq.agentUrl, WARREN_DATA_DIR: dataDir },
    stdio: 'ignore',
  })
  const pid = child.pid ?? 0
  try {
    await sleep(warmUpMs)
    const before = cpuSeconds(pid)
    await sleep(windowMs)
    const percent = ((cpuSeconds(pid) - before) / (windowMs / 1000)) * 100
    const rssMb = peakRssMb(pid)
    return {
      value: percent,
      unit: '% of a core',
      mark: '< 0.5 % and < 80 MB RSS',
      holds: percent < 0.5 && rssMb < 80,
      details: { peakRssMb: rssMb, pssMb: pssMb(pid) },
    }
  } finally {
    child.kill('SIGTERM')
    await once(child, 'exit')
    await rabbitmq.close()
    await removeTempDir(dataDir)
  }
}

export const agentCost: Bench = { about: 'CPU and memory of the host agent over a minute', run }
