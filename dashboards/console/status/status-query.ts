import { queryOptions } from '@tanstack/react-query'
import { type Health, statusSchema } from '@warren/contracts/http/status'
import { read } from '../http/client.ts'

/** Every part of this installation; the api answers with every store down. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => read(statusSchema, 'api/v1/status', { signal }),
  refetchInterval: 5000,
})

const order = { red: 0, yellow: 1, green: 2 } as const

/** Parts that do not work. */
export const redOf = (parts: readonly Health[]): Health[] =>
  parts.filter(({ state }) => state === 'red')

export interface Service {
  readonly name: string
  /** The worst of its parts. */
  readonly state: Health['state']
  /** The worst first. */
  readonly parts: readonly (Health & { readonly label: string })[]
}

/** Parts by the service that reports them, `poller/metrics store` → `poller`; the worst first. */
export function toServices(parts: readonly Health[]): Service[] {
  const groups = Map.groupBy(parts, ({ part }) => part.split('/')[0] ?? part)
  const services = [...groups].map(([name, members]): Service => {
    const sorted = members
      .map((health) => ({ ...health, label: health.part.slice(name.length + 1) || name }))
      .sort((a, b) => order[a.state] - order[b.state])
    return { name, state: sorted[0]?.state ?? 'green', parts: sorted }
  })
  return services.sort((a, b) => order[a.state] - order[b.state])
}
