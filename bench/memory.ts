import { setTimeout as sleep } from 'node:timers/promises'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { drain } from './drain.ts'
import { fill } from './fill.ts'
import { openHostPage } from './host-page.ts'
import { commandOf, familyOf, pssMb } from './process-cost.ts'
import { startWarren, type WarrenProcess } from './warren-process.ts'
import { pointMessages } from './workload.ts'

const markMb = 700
const defaultMinutes = 10
const defaultPoints = 3_000_000
/** What a process gives back by itself, it has given back by then. */
const settleMs = 15_000
const sampleMs = 2000

type Part = 'up' | 'agent' | 'postgresql' | 'rabbitmq'

function partOf(pid: number, warren: WarrenProcess): Part {
  const command = commandOf(pid)
  if (pid === warren.pid) return 'up'
  if (command.some((word) => word.includes('agents/host'))) return 'agent'
  return command.some((word) => word.includes('postgres')) ? 'postgresql' : 'rabbitmq'
}

/** PSS by part, MB, of everything that this bench has started. */
function memoryOf(warren: WarrenProcess): Readonly<Record<Part, number>> {
  const parts = { up: 0, agent: 0, postgresql: 0, rabbitmq: 0 }
  for (const pid of familyOf(process.pid).slice(1))
    parts[partOf(pid, warren)] += Math.round(pssMb(pid))
  return parts
}

const sumOf = (parts: Readonly<Record<Part, number>>): number =>
  Object.values(parts).reduce((sum, part) => sum + part, 0)

async function peakWhile(warren: WarrenProcess, work: Promise<unknown>): Promise<number> {
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, sumOf(memoryOf(warren)))
  }, sampleMs)
  try {
    await work
    return peak
  } finally {
    clearInterval(timer)
  }
}

interface Feed {
  readonly url: string
  readonly count: number
}

async function feed(warren: WarrenProcess, { url, count }: Feed): Promise<number> {
  const stored = await warren.stored('metrics')
  const messages = pointMessages({ count, perMessage: 1000, names: 1, tenants: 1 })
  const drained = fill(url, messages).then(() => drain(warren, 'metrics', stored + count))
  return await peakWhile(warren, drained)
}

const named = (when: string, parts: Readonly<Record<Part, number>>) =>
  Object.fromEntries(Object.entries(parts).map(([part, mb]) => [`${part}Mb${when}`, mb]))

async function run({ minutes = defaultMinutes, items = defaultPoints }: BenchOptions) {
  const rabbitmq = await startRabbitmq()
  try {
    const warren = await startWarren({
      WARREN_AMQP_URL: rabbitmq.url,
      WARREN_AGENT__ENABLED: 'true',
    })
    try {
      const page = openHostPage(warren)
      await sleep(minutes * 60_000)
      const idle = memoryOf(warren)
      const peakMb = await feed(warren, { url: rabbitmq.url, count: items })
      await sleep(settleMs)
      const drained = memoryOf(warren)
      page.close()
      const value = Math.max(sumOf(idle), sumOf(drained))
      const details = {
        minutes,
        items,
        pageRows: page.rows(),
        idleMb: sumOf(idle),
        drainedMb: sumOf(drained),
        peakMb,
        ...named('Idle', idle),
        ...named('Drained', drained),
      }
      return {
        value,
        unit: 'MB PSS',
        mark: `<= ${markMb}`,
        holds: value <= markMb && page.rows() > 0,
        details,
      } satisfies Measured
    } finally {
      await warren.close()
    }
  } finally {
    await rabbitmq.close()
  }
}

export const memory: Bench = {
  about: 'PSS of up, RabbitMQ, PostgreSQL and agent with an open Host page, then after an ingest',
  run,
}
