import { queryMetrics } from '../http/metrics.ts'

export interface HostSummary {
  readonly host: string
  /** Milliseconds since the epoch. */
  readonly lastSeen: number
  /** Percent; null when unknown. */
  readonly cpu: number | null
  readonly memory: number | null
  /** Of the fullest file system. */
  readonly disk: number | null
  readonly uptimeSeconds: number | null
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

/** Every host that was heard of within a day, by name, with its newest readings. */
export async function loadHosts(signal: AbortSignal): Promise<HostSummary[]> {
  const answers = await queryMetrics(statements.join(';'), signal)
  const readings = answers.map((series) => {
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
  })
  const [cpu, memory, disk, uptime] = readings
  const names = new Set(readings.flatMap((byHost) => [...byHost.keys()]))
  return [...names].sort().map((host) => {
    const idle = cpu?.get(host)?.value
    return {
      host,
      lastSeen: Math.max(...readings.map((byHost) => byHost.get(host)?.time ?? 0)),
      cpu: idle === undefined ? null : 100 - idle,
      memory: memory?.get(host)?.value ?? null,
      disk: disk?.get(host)?.value ?? null,
      uptimeSeconds: uptime?.get(host)?.value ?? null,
    }
  })
}
