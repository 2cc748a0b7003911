import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
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

export function useSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (credentials: { user: string; password: string }) =>
      read(sessionSchema, 'api/v1/sessions', { method: 'POST', ...json(credentials) }),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  })
}

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => send('api/v1/sessions/current', { method: 'DELETE' }),
    onSuccess: () => {
      client.clear()
      client.setQueryData(sessionQuery.queryKey, null)
    },
  })
}
