import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { agentLaunch } from '@warren/agent-host/launch'
import { openBroker } from '@warren/broker/open'
import { storageQueue } from '@warren/contracts/topology'
import { createLog } from '@warren/platform/log'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { cpuSeconds, peakRssMb, pssMb, rssMb } from './process-cost.ts'

const warmUpMs = 15_000
const sampleMs = 500
const maxBytes = 1024 ** 3

/** As `warren up` starts it. */
const startAgent = (amqpUrl: string, dataDir: string) =>
  spawn(process.execPath, [...agentLaunch.execArgv, agentLaunch.script, ...agentLaunch.args], {
    env: {
      ...process.env,
      ...agentLaunch.env,
      WARREN_AMQP_URL: amqpUrl,
      WARREN_DATA_DIR: dataDir,
    },
    stdio: ['pipe', 'ignore', 'ignore'],
  })

async function end(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  if (child.exitCode === null) await exit
}

/** Takes what the agent sends, as a poller would. */
function countMessages({ url }: TestRabbitmq) {
  const log = createLog({ service: 'bench', level: 'error', pretty: true })
  const broker = openBroker({ url, name: 'bench', log })
  let messages = 0
  const consumer = broker.consume({
    queue: storageQueue({ stream: 'metrics', shard: 0, maxBytes }),
    prefetch: 100,
    handle: async () => {
      messages++
      return { type: 'ack' }
    },
  })
  return {
    messages: () => messages,
    close: async () => {
      await consumer.close(1000)
      await broker.close()
    },
  }
}

interface Cost {
  readonly percent: number
  readonly rssMb: number
}

/** Its start is not its cost: time is measured once it runs. */
async function costOf(pid: number, ms: number): Promise<Cost> {
  await sleep(warmUpMs)
  const before = cpuSeconds(pid)
  const startedMs = performance.now()
  let peak = 0
  while (performance.now() - startedMs < ms) {
    await sleep(sampleMs)
    peak = Math.max(peak, rssMb(pid))
  }
  const seconds = (performance.now() - startedMs) / 1000
  return { percent: ((cpuSeconds(pid) - before) / seconds) * 100, rssMb: peak }
}

async function run({ minutes = 1 }: BenchOptions): Promise<Measured> {
  const [rabbitmq, dataDir] = [await startRabbitmq(), await makeTempDir('agent-cost')]
  const counted = countMessages(rabbitmq)
  // The first start on a machine fills Node's compile cache, without which the later ones would hold the type stripper too.
  const first = startAgent(rabbitmq.agentUrl, dataDir)
  await sleep(warmUpMs)
  await end(first)
  const child = startAgent(rabbitmq.agentUrl, dataDir)
  const pid = child.pid ?? 0
  try {
    const cost = await costOf(pid, minutes * 60_000)
    const messages = counted.messages()
    return {
      value: Number(cost.percent.toFixed(3)),
      unit: '% of a core',
      mark: '< 0.5 % and < 80 MB RSS',
      holds: messages > 0 && cost.percent < 0.5 && cost.rssMb < 80,
      details: {
        minutes,
        messages,
        rssMb: cost.rssMb,
        pssMb: pssMb(pid),
        atStartMb: peakRssMb(pid),
      },
    }
  } finally {
    await end(child)
    await counted.close()
    await rabbitmq.close()
    await removeTempDir(dataDir)
  }
}

export const agentCost: Bench = { about: 'CPU and memory of the host agent over a minute', run }
