import { useSearchParams } from 'react-router'
import { spanOf, useTimeRange } from '../time/range.ts'
import type { LogQuestion } from './log-search.ts'

/** The search in the page's address: text, and a range that moves or two fixed ends. */
export function useQuestion() {
  const [params, setParams] = useSearchParams()
  const { range, setFixed } = useTimeRange('1h')
  const text = params.get('q') ?? ''
  return {
    text,
    range,
    /** The question to ask now. */
    now: (): LogQuestion => ({ text, ...spanOf(range) }),
    setText: (next: string) =>
      setParams((current) => {
        const changed = new URLSearchParams(current)
        if (next === '') changed.delete('q')
        else changed.set('q', next)
        return changed
      }),
    setFixed,
  }
}
