import type { Stream } from '@warren/contracts/topology'
import type { WarrenProcess } from './warren-process.ts'

const panelCount = 10
const refreshMs = 5000
const rangeMs = 7_200_000

export interface Panels {
  /** Answers that all panels have got, and those that they have not. */
  counts(): { readonly answered: number; readonly failed: number }
  close(): void
}

/** A chart of one region or application, or a table of totals, over the range that the workload falls into. */
function metricText(panel: number, nowMs: number): string {
  const range = `time >= ${nowMs - rangeMs}ms AND time <= ${nowMs + rangeMs}ms`
  if (panel === 0) return `SELECT count("usage") FROM "bench" WHERE ${range}`
  const tag = panel % 2 === 0 ? `"region" = 'eu-${panel % 5}'` : `"host" = 'host-${panel}'`
  return `SELECT mean("usage"), max("count") FROM "bench" WHERE ${tag} AND ${range} GROUP BY time(60s), "app"`
}

/** A histogram by level, or the newest lines of a host. */
function logBody(panel: number, nowMs: number): object {
  const range = { gte: nowMs - rangeMs, lte: nowMs + rangeMs, format: 'epoch_millis' }
  const time = { range: { '@timestamp': range } }
  const host = { term: { 'host.name': `host-${panel}` } }
  if (panel % 2 === 1)
    return { size: 50, query: { bool: { filter: [time, host] } }, sort: [{ '@timestamp': 'desc' }] }
  const histogram = { date_histogram: { field: '@timestamp', fixed_interval: '60s' } }
  const levels = { levels: { terms: { field: 'log.level', size: 10 } } }
  return {
    size: 0,
    query: { bool: { filter: [time] } },
    aggs: { time: { ...histogram, aggs: levels } },
  }
}

const ask = (warren: WarrenProcess, stream: Stream, panel: number): Promise<unknown> =>
  stream === 'logs'
    ? warren.search(logBody(panel, Date.now()))
    : warren.query(metricText(panel, Date.now()))

/** Ten panels of a dashboard that is open, each asked every 5 s, or as soon as its last answer is there. */
export function openPanels(warren: WarrenProcess, stream: Stream): Panels {
  let answered = 0
  let failed = 0
  const waiting = new Set<number>()
  const refresh = async (panel: number) => {
    if (waiting.has(panel)) return
    waiting.add(panel)
    try {
      await ask(warren, stream, panel)
      answered += 1
    } catch {
      // Counted, and shown beside the figure.
      failed += 1
    }
    waiting.delete(panel)
  }
  const refreshAll = () => {
    for (let panel = 0; panel < panelCount; panel += 1) void refresh(panel)
  }
  refreshAll()
  const timer = setInterval(refreshAll, refreshMs)
  return { counts: () => ({ answered, failed }), close: () => clearInterval(timer) }
}
