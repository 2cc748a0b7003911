import { queryOptions } from '@tanstack/react-query'
import { senderListSchema } from '@warren/contracts/http/senders'
import { ApiError, read, send } from '../http/client.ts'

const path = 'api/v1/senders'

/** The broker users of the tenant's senders, by name; null: the broker is somebody else's, and its users cannot be seen. */
export const brokerSenders = queryOptions({
  queryKey: ['senders'],
  queryFn: async ({ signal }) => {
    try {
      return (await read(senderListSchema, path, { signal })).items
    } catch (error) {
      if (error instanceof ApiError && error.problem?.code === 'not_available') return null
      throw error
    }
  },
})

/** It ends at once. */
export const revokeSender = (user: string) =>
  send(`${path}/${encodeURIComponent(user)}`, { method: 'DELETE' })
