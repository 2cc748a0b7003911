import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { type Session, sessionSchema } from '@warren/contracts/http/sessions'
import { ApiError, json, read, send } from '../http/client.ts'

/** The signed-in user; null when there is none. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await read(sessionSchema, 'api/v1/sessions/current', { signal })
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }
  },
  staleTime: 60_000,
})

/** Whether somebody was signed in on this page until the session ended by itself. */
export const endedQuery = queryOptions({
  queryKey: ['session ended'],
  queryFn: () => false,
  staleTime: Number.POSITIVE_INFINITY,
})

/** The api does not know the session any more: the sign-in page is shown in place of the page, whose address stays. */
export function endSession(client: QueryClient): void {
  if (!client.getQueryData(sessionQuery.queryKey)) return
  client.setQueryData(endedQuery.queryKey, true)
  client.setQueryData(sessionQuery.queryKey, null)
}

export function useSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (credentials: { user: string; password: string }) =>
      read(sessionSchema, 'api/v1/sessions', { method: 'POST', ...json(credentials) }),
    onSuccess: (session) => {
      // Nothing that another user was shown.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
      client.setQueryData(sessionQuery.queryKey, session)
    },
  })
}

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => send('api/v1/sessions/current', { method: 'DELETE' }),
    onSuccess: () => client.setQueryData(sessionQuery.queryKey, null),
  })
}
