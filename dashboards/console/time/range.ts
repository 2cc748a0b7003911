import { useSearchParams } from 'react-router'

/** Lengths that a page can look back, in seconds, under the name in its address. */
export const ranges = {
  '5m': 300,
  '15m': 900,
  '1h': 3600,
  '6h': 21_600,
  '24h': 86_400,
  '7d': 604_800,
  '30d': 2_592_000,
} as const

export type RangeName = keyof typeof ranges

/** A stretch of time. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** What a page looks at: the last while, or two fixed ends. */
export interface TimeRange {
  readonly name: RangeName
  readonly fixed: Span | undefined
}

const isRange = (name: string | null): name is RangeName => name !== null && name in ranges

function parseFixed(params: URLSearchParams): Span | undefined {
  const fromMs = Number(params.get('from'))
  const toMs = Number(params.get('to'))
  return fromMs > 0 && toMs > fromMs && Number.isFinite(toMs) ? { fromMs, toMs } : undefined
}

/** The two ends now. */
export function spanOf({ name, fixed }: TimeRange, nowMs: number = Date.now()): Span {
  return fixed ?? { fromMs: nowMs - ranges[name] * 1000, toMs: nowMs }
}

/** How long it is, in seconds. */
export const secondsOf = ({ name, fixed }: TimeRange): number =>
  fixed === undefined ? ranges[name] : (fixed.toMs - fixed.fromMs) / 1000

/** The range in the page's address. */
export function useTimeRange(initial: RangeName) {
  const [params, setParams] = useSearchParams()
  const name = params.get('range')
  const range: TimeRange = { name: isRange(name) ? name : initial, fixed: parseFixed(params) }
  return {
    range,
    /** The last while again. */
    setName: (next: RangeName) =>
      setParams((current) => {
        const changed = new URLSearchParams(current)
        changed.set('range', next)
        changed.delete('from')
        changed.delete('to')
        return changed
      }),
    setFixed: ({ fromMs, toMs }: Span) =>
      setParams((current) => {
        const changed = new URLSearchParams(current)
        changed.set('from', String(Math.floor(fromMs)))
        changed.set('to', String(Math.ceil(toMs)))
        return changed
      }),
  }
}

const steps = [10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600]

/** Seconds a bucket: about 180 of them in a stretch, on round boundaries, never below the agents' interval. */
export const stepOf = (seconds: number): number =>
  steps.find((step) => step >= seconds / 180) ?? 21_600
