import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import { type ApiProcess, startApiProcess } from './api-process.ts'
import { rssMb } from './process-cost.ts'
import { toLineBatch } from './stored-points.ts'
import { askPanel, type Viewer } from './viewer.ts'
import { everyMs, refreshMs, type WallPanel, wallHistory, wallPointsAt } from './wall-panels.ts'

/** Long enough for buckets to end and to be kept twice over. */
const rounds = 24
const sampleMs = 250

export interface WallMemory {
  /** The most that the api held meanwhile, over what it held before the first question. */
  readonly grownMb: number
  readonly idleMb: number
  /** Answers by what the cache had of them. */
  readonly states: string
}

const floorTo = (ms: number, stepMs: number): number => Math.floor(ms / stepMs) * stepMs

/** As they are measured, from that moment on. */
async function writeLive(store: MetricStore, fromMs: number, until: AbortSignal): Promise<void> {
  for (let ms = fromMs; !until.aborted; ms += everyMs) {
    await sleep(Math.max(0, ms - Date.now()), undefined, { signal: until }).catch(() => undefined)
    if (!until.aborted) await store.write(toLineBatch('default', wallPointsAt(ms)))
  }
}

/** Each dashboard once, one after the other within one refresh. */
async function refreshAll(
  viewer: Viewer,
  dashboards: readonly (readonly WallPanel[])[],
  states: Record<string, number>,
): Promise<void> {
  const startMs = Date.now()
  for (const [number, panels] of dashboards.entries()) {
    await sleep(Math.max(0, startMs + (number * refreshMs) / dashboards.length - Date.now()))
    const answers = panels.map((panel, index) =>
      askPanel(viewer, {
        ...{ text: panel.text(Date.now()), dashboard: `d${number}`, panel: String(index) },
      }),
    )
    for (const { state } of await Promise.all(answers)) states[state] = (states[state] ?? 0) + 1
  }
  await sleep(Math.max(0, startMs + refreshMs - Date.now()))
}

async function watch(
  api: ApiProcess,
  dashboards: readonly (readonly WallPanel[])[],
): Promise<WallMemory> {
  const agent = new Agent({ keepAlive: true })
  const viewer = {
    url: api.url,
    token: await api.tokenOf('default'),
    agent,
    encoding: 'gzip',
  } as const
  const store = await openInflux1(api.storeUrl ?? '')
  const fromMs = floorTo(Date.now(), everyMs)
  for (const lines of wallHistory(fromMs)) await store.write(toLineBatch('default', lines))
  const writing = new AbortController()
  const written = writeLive(store, fromMs, writing.signal)
  const idleMb = rssMb(api.pid)
  let mostMb = idleMb
  const sampling = setInterval(() => {
    mostMb = Math.max(mostMb, rssMb(api.pid))
  }, sampleMs)
  const states: Record<string, number> = {}
  try {
    for (let round = 0; round < rounds; round += 1) await refreshAll(viewer, dashboards, states)
  } finally {
    clearInterval(sampling)
    writing.abort()
    await written
    await store.close()
    agent.destroy()
  }
  return { grownMb: mostMb - idleMb, idleMb, states: JSON.stringify(states) }
}

/** What an api of its own takes to answer viewers who look at dashboards, each its own, with live writes: by the system's clock, through HTTP, with gzip. */
export async function watchMemory(
  dashboards: readonly (readonly WallPanel[])[],
): Promise<WallMemory> {
  const rabbitmq = await startRabbitmq({ queues: false })
  const data = { tenants: ['default'], hosts: 1, seconds: 10 }
  try {
    const api = await startApiProcess('external', data, { env: { WARREN_AMQP_URL: rabbitmq.url } })
    try {
      return await watch(api, dashboards)
    } finally {
      await api.close()
    }
  } finally {
    await rabbitmq.close()
  }
}
