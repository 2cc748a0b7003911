import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { deadLetterListSchema } from '@warren/contracts/http/dead-letters'
import { read } from '../http/client.ts'

const path = 'api/v1/dead-letters'

/** How many there are in all. */
export const deadLetterTotalQuery = queryOptions({
  queryKey: ['dead letters', 'total'],
  queryFn: async ({ signal }) =>
    (await read(deadLetterListSchema, `${path}?limit=1`, { signal })).total,
  refetchInterval: 15_000,
})

export interface DeadLetterFilter {
  readonly stream?: string | undefined
  readonly code?: string | undefined
}

/** Pages of them, newest first. */
export const deadLetterPages = ({ stream, code }: DeadLetterFilter) =>
  infiniteQueryOptions({
    queryKey: ['dead letters', stream, code],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ limit: '50' })
      if (stream !== undefined) query.set('stream', stream)
      if (code !== undefined) query.set('code', code)
      if (pageParam !== null) query.set('cursor', pageParam)
      return read(deadLetterListSchema, `${path}?${query}`, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
