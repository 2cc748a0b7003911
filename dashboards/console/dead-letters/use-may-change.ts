import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../session/session.ts'

/** Whether who is signed in may edit, replay and delete; and whether the letters of other tenants are theirs to see. */
export function useMayChange() {
  const { data: session } = useQuery(sessionQuery)
  const role = session?.role
  return { mayChange: role === 'manager' || role === 'admin', isAdmin: role === 'admin' }
}
