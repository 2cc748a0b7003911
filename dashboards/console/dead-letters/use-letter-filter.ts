import { useSearchParams } from 'react-router'
import { filterNames, type LetterFilter } from './letter-filter.ts'

/** The filter in the page's address. */
export function useLetterFilter() {
  const [params, setParams] = useSearchParams()
  const filter: LetterFilter = Object.fromEntries(
    filterNames.map((name) => [name, params.get(name) ?? undefined]),
  )
  const setFilter = (change: LetterFilter) =>
    setParams((current) => {
      const changed = new URLSearchParams(current)
      for (const [name, value] of Object.entries(change))
        if (value === undefined || value === '') changed.delete(name)
        else changed.set(name, value)
      return changed
    })
  return [filter, setFilter] as const
}
