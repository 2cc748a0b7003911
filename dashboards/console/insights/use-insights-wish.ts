import { insightGroups, insightOrders, insightWindows } from '@warren/contracts/http/query-insights'
import { useSearchParams } from 'react-router'

const oneOf = <Name extends string>(names: readonly Name[], text: string | null, usual: Name) =>
  names.find((name) => name === text) ?? usual

/** What the page's address asks for. */
export function useInsightsWish() {
  const [params, setParams] = useSearchParams()
  const wish = {
    window: oneOf(insightWindows, params.get('window'), '1h'),
    by: oneOf(insightGroups, params.get('by'), 'dashboard'),
    order: oneOf(insightOrders, params.get('order'), 'cost'),
    isAll: params.get('tenant') === '*',
    request: params.get('request') ?? '',
  }
  const set = (name: 'window' | 'by' | 'order' | 'tenant' | 'request', value: string) =>
    setParams((current) => {
      const changed = new URLSearchParams(current)
      if (value === '') changed.delete(name)
      else changed.set(name, value)
      return changed
    })
  return [wish, set] as const
}

export type SetWish = ReturnType<typeof useInsightsWish>[1]
