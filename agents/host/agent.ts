import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Broker, openBroker } from '@warren/broker/open'
import { toRoutingKey } from '@warren/contracts/routing-key'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { RunningService } from '@warren/platform/service'
import { openSpool } from '@warren/spool/spool'
import { openAgentId } from './agent-id.ts'
import { createCollection, thisMachine } from './collect.ts'
import type { AgentConfig } from './config.ts'
import { type MetricsOptions, runMetrics } from './metrics.ts'
import { runTail, type TailOptions } from './tail/tail.ts'

export interface AgentOptions {
  readonly config: AgentConfig
  readonly log: Log
}

/** For a connection: short, because what is not sent stays on disk, and a stopping agent waits for its last try. */
const waitMs = 3_000

/** Publishes this host's metrics and logs until it is closed. Starts when the broker is down; throws only for its own data folder. */
export async function startAgent({ config, log }: AgentOptions): Promise<RunningService> {
  const dataDir = resolve(config.dataDir)
  await mkdir(join(dataDir, 'spool'), { recursive: true, mode: 0o700 })
  const agentId = await openAgentId(dataDir)
  const spool = await openSpool({ dir: join(dataDir, 'spool'), maxBytes: config.spoolBytes })
  const broker = openAgentBroker(config, log)
  const { tenant, host } = config
  const shared = { key: toRoutingKey(tenant, undefined, host), log }
  const metrics: MetricsOptions = {
    ...{ ...shared, spool, config, health: createHealthCell('agent metrics') },
    collection: createCollection({
      ...{ inputs: config.inputs, host, context: thisMachine, log },
      own: () => ({ messages_dropped: spool.lost, spool_bytes: spool.bytes }),
    }),
    publisher: broker.publisher({ waitMs }),
  }
  const tail: TailOptions = {
    ...{ ...shared, config: { ...config, dataDir }, health: createHealthCell('agent logs') },
    origin: { tenant, agentId, host },
    publisher: broker.publisher({ waitMs }),
  }
  log.info('agent started', { agentId, host, tenant })
  return run(broker, metrics, tail)
}

function openAgentBroker(config: AgentConfig, log: Log): Broker {
  const url = config.amqpUrl.reveal()
  return openBroker({ url, name: `warren-agent ${config.host}`, log, ca: config.amqpCa })
}

function run(broker: Broker, metrics: MetricsOptions, tail: TailOptions): RunningService {
  const stopping = new AbortController()
  const { signal } = stopping
  const running = Promise.all([runMetrics(metrics, signal), runTail(tail, signal)])
  const ended = running.then(() => undefined)
  // The owner may look at it later than it fails.
  ended.catch(() => undefined)
  const close = async (): Promise<void> => {
    stopping.abort()
    await ended.catch(() => undefined)
    await broker.close()
  }
  let closed: Promise<void> | undefined
  return {
    ended,
    health: () => [metrics.health.read(), tail.health.read(), ...broker.health()],
    close: () => {
      closed ??= close()
      return closed
    },
  }
}
