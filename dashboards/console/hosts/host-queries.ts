import { queryOptions } from '@tanstack/react-query'
import { literal, type MetricSeries, queryMetrics } from '../http/metrics.ts'

export interface HostSummary {
  readonly host: string
  /** Milliseconds since the epoch. */
  readonly lastSeen: number
  /** Percent; undefined when unknown. */
  readonly cpu: number | undefined
  readonly memory: number | undefined
  /** Of the fullest file system. */
  readonly disk: number | undefined
  readonly uptimeSeconds: number | undefined
}

interface Reading {
  readonly time: number
  readonly value: number
}

const statements = [
  `SELECT last("usage_idle") FROM "cpu" WHERE "cpu" = 'cpu-total' AND time > now() - 24h GROUP BY "host"`,
  `SELECT last("used_percent") FROM "mem" WHERE time > now() - 24h GROUP BY "host"`,
  `SELECT last("used_percent") FROM "disk" WHERE time > now() - 24h GROUP BY "host", "path"`,
  `SELECT last("uptime") FROM "system" WHERE time > now() - 24h GROUP BY "host"`,
]

/** The newest time and the largest value of each host. */
function toReadings(series: readonly MetricSeries[]): Map<string, Reading> {
  const byHost = new Map<string, Reading>()
  for (const { tags, values } of series) {
    const [time, value] = values[0] ?? []
    const host = tags?.['host']
    if (host === undefined || typeof time !== 'number' || typeof value !== 'number') continue
    const known = byHost.get(host)
    byHost.set(host, {
      time: Math.max(time, known?.time ?? 0),
      value: Math.max(value, known?.value ?? Number.NEGATIVE_INFINITY),
    })
  }
  return byHost
}

/** Every host that was heard of within a day, with its newest readings. */
export async function loadHosts(signal?: AbortSignal): Promise<HostSummary[]> {
  const readings = (await queryMetrics(statements.join(';'), signal)).map(toReadings)
  const [cpu, memory, disk, uptime] = readings
  const names = new Set(readings.flatMap((byHost) => [...byHost.keys()]))
  return [...names].map((host) => {
    const idle = cpu?.get(host)?.value
    return {
      host,
      lastSeen: Math.max(...readings.map((byHost) => byHost.get(host)?.time ?? 0)),
      cpu: idle === undefined ? undefined : Math.max(0, 100 - idle),
      memory: memory?.get(host)?.value,
      disk: disk?.get(host)?.value,
      uptimeSeconds: uptime?.get(host)?.value,
    }
  })
}

export const hostsQuery = queryOptions({
  queryKey: ['hosts'],
  queryFn: ({ signal }) => loadHosts(signal),
  // Thousands of hosts are asked for less often.
  refetchInterval: ({ state }) => ((state.data?.length ?? 0) > 500 ? 15_000 : 5000),
})

/** Whether metrics of a host of this name are kept; one that has not is looked for again. */
export const hostKnownQuery = (host: string) =>
  queryOptions({
    queryKey: ['host known', host],
    queryFn: async ({ signal }) => {
      const text = `SHOW TAG VALUES WITH KEY = "host" WHERE "host" = ${literal(host)}`
      const [series = []] = await queryMetrics(text, signal)
      return series.length > 0
    },
    refetchInterval: ({ state }) => (state.data === true ? false : 5000),
  })
