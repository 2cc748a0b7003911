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

const isRange = (name: string | null): name is RangeName => name !== null && name in ranges

/** The range in the page's address; the default when there is none. */
export function useRange(initial: RangeName = '15m'): [RangeName, (name: RangeName) => void] {
  const [params, setParams] = useSearchParams()
  const name = params.get('range')
  const set = (next: RangeName) =>
    setParams(
      (current) => {
        current.set('range', next)
        return current
      },
      { replace: true },
    )
  return [isRange(name) ? name : initial, set]
}

const steps = [10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600]

/** Seconds a bucket: about 180 of them in a range, on round boundaries, never below the agents' interval. */
export function stepOf(name: RangeName): number {
  const wanted = ranges[name] / 180
  return steps.find((step) => step >= wanted) ?? 21_600
}
