import { type SortingState, useTable } from '@tanstack/react-table'
import { useSearchParams } from 'react-router'
import { hostColumns, hostFeatures } from './host-columns.tsx'
import type { HostSummary } from './host-queries.ts'

/** `-cpu` is the largest first. */
const parseSorting = (text: string): SortingState => [
  { id: text.replace(/^-/, ''), desc: text.startsWith('-') },
]

/** The hosts as the page's address has them sorted (`sort`) and filtered (`q`). */
export function useHostTable(data: HostSummary[]) {
  const [params, setParams] = useSearchParams()
  const set = (name: string, value: string) =>
    setParams(
      (current) => {
        const changed = new URLSearchParams(current)
        if (value === '') changed.delete(name)
        else changed.set(name, value)
        return changed
      },
      { replace: true },
    )
  const sorting = parseSorting(params.get('sort') ?? 'host')
  const filter = params.get('q') ?? ''
  const table = useTable({
    features: hostFeatures,
    columns: hostColumns,
    data,
    getRowId: ({ host }) => host,
    state: { sorting, globalFilter: filter },
    enableSortingRemoval: false,
    enableMultiSort: false,
    onSortingChange: (change) => {
      const [next] = typeof change === 'function' ? change(sorting) : change
      if (next !== undefined) set('sort', `${next.desc ? '-' : ''}${next.id}`)
    },
    onGlobalFilterChange: () => undefined,
    globalFilterFn: 'includesString',
    getColumnCanGlobalFilter: ({ id }) => id === 'host' || id === 'state',
  })
  return { table, filter, setFilter: (text: string) => set('q', text) }
}

export type HostTable = ReturnType<typeof useHostTable>['table']
