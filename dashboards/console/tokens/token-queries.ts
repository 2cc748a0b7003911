import { infiniteQueryOptions } from '@tanstack/react-query'
import { tokenListSchema } from '@warren/contracts/http/tokens'
import { read, send } from '../http/client.ts'

const path = 'api/v1/tokens'

export const tokensKey = ['tokens'] as const

/** Pages of the tenant's tokens, newest first. */
export const tokenPages = infiniteQueryOptions({
  queryKey: tokensKey,
  queryFn: ({ signal, pageParam }) => {
    const query = new URLSearchParams({ limit: '50' })
    if (pageParam !== null) query.set('cursor', pageParam)
    return read(tokenListSchema, `${path}?${query}`, { signal })
  },
  initialPageParam: null as string | null,
  getNextPageParam: ({ nextCursor }) => nextCursor,
})

/** It ends at once. */
export const revokeToken = (id: string) =>
  send(`${path}/${encodeURIComponent(id)}`, { method: 'DELETE' })
