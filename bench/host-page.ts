import type { WarrenProcess } from './warren-process.ts'

const rangeMs = 900_000
const stepSeconds = 10
const pollMs = 5000

const means = (fields: string) =>
  fields
    .split(' ')
    .map((field) => `mean("${field}")`)
    .join(', ')
const rates = (fields: string) =>
  fields
    .split(' ')
    .map((field) => `non_negative_derivative(mean("${field}"), 1s)`)
    .join(', ')

/** The charts of the console's Host page (dashboards/console/hosts/host-panels.ts): columns, measurement, and tag of each line. */
const charts: readonly (readonly [string, string, string?])[] = [
  [means('usage_user usage_system usage_iowait usage_steal'), 'cpu', 'cpu'],
  [means('load1 load5 load15'), 'system'],
  [means('used cached buffered free'), 'mem'],
  [means('used'), 'swap'],
  [means('used_percent'), 'disk', 'path'],
  [rates('read_bytes write_bytes'), 'diskio', 'name'],
  [rates('bytes_recv bytes_sent'), 'net', 'interface'],
  [means('running blocked sleeping zombies'), 'processes'],
]

const textsAt = (nowMs: number): readonly string[] =>
  charts.map(([columns, measurement, tag]) => {
    const groups = [`time(${stepSeconds}s)`, ...(tag === undefined ? [] : [`"${tag}"`])].join(', ')
    return `SELECT ${columns} FROM "${measurement}" WHERE "host" != '' AND time >= ${nowMs - rangeMs}ms AND time <= ${nowMs}ms GROUP BY ${groups} fill(null)`
  })

export interface OpenPage {
  /** Rows that its charts have got. */
  rows(): number
  close(): void
}

/** Asks what a browser with an open Host page asks, as often. */
export function openHostPage(warren: WarrenProcess): OpenPage {
  let rows = 0
  const poll = async () => {
    const answers = await Promise.all(textsAt(Date.now()).map((text) => warren.query(text)))
    rows += answers.reduce((sum, answer) => sum + answer.length, 0)
  }
  // A request that fails draws nothing; the count shows it.
  const timer = setInterval(() => void poll().catch(() => undefined), pollMs)
  return { rows: () => rows, close: () => clearInterval(timer) }
}
