import { useSearchParams } from 'react-router'
import { ranges, useRange } from '../time/range.ts'

interface Change {
  readonly text?: string
  /** Null goes back to the moving range. */
  readonly fixed?: { from: number; to: number } | null
}

function apply(params: URLSearchParams, { text, fixed }: Change): URLSearchParams {
  if (text !== undefined) params.set('q', text)
  if (fixed === undefined) return params
  for (const key of ['from', 'to'] as const) {
    if (fixed === null) params.delete(key)
    else params.set(key, String(fixed[key]))
  }
  return params
}

/** The search in the page's address: text, and a range that moves or two fixed ends. */
export function useQuestion() {
  const [params, setParams] = useSearchParams()
  const [range] = useRange('1h')
  const text = params.get('q') ?? ''
  const from = Number(params.get('from'))
  const to = Number(params.get('to'))
  const fixed = from > 0 && to > from ? { from, to } : undefined
  const set = (next: Change) => setParams((current) => apply(current, next))
  return {
    text,
    range,
    fixed,
    /** The question to ask now. */
    now() {
      const nowMs = Date.now()
      return {
        text,
        fromMs: fixed?.from ?? nowMs - ranges[range] * 1000,
        toMs: fixed?.to ?? nowMs,
      }
    },
    set,
  }
}
