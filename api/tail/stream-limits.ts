import type { Principal } from '../auth/principal.ts'
import { Refusal } from '../http/refusal.ts'
import type { EventStream } from './event-stream.ts'

/** The client comes back by itself and is asked again who it is. */
const maxStreamMs = 15 * 60_000

/** Ends the stream with its credential, with the api, and after a while. */
export function limitStream(
  stream: EventStream,
  { expiresAt }: Principal,
  draining: AbortSignal,
): void {
  const leftMs = (expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now()
  const timer = setTimeout(() => stream.end(), Math.max(0, Math.min(maxStreamMs, leftMs)))
  const end = (): void => stream.end()
  draining.addEventListener('abort', end, { once: true })
  stream.signal.addEventListener('abort', () => {
    clearTimeout(timer)
    draining.removeEventListener('abort', end)
  })
}

export interface Places {
  /** What is counted, as the refusal names it. */
  readonly what: string
  readonly max: number
  /** So that one tenant's clients do not shut out another's. */
  readonly maxPerTenant: number
}

/** Counts open streams. Returns how to give a place back; throws a `Refusal` when there is none. */
export function createPlaces({ what, max, maxPerTenant }: Places): (tenant: string) => () => void {
  const openOf = new Map<string, number>()
  let open = 0
  const tooMany = (count: number): Refusal =>
    new Refusal('too_many_requests', `${count} ${what} are open; retry in 10 s`, {
      retryAfterS: 10,
    })
  return (tenant) => {
    const own = openOf.get(tenant) ?? 0
    if (own >= maxPerTenant) throw tooMany(own)
    if (open >= max) throw tooMany(open)
    open++
    openOf.set(tenant, own + 1)
    return () => {
      open--
      const left = (openOf.get(tenant) ?? 1) - 1
      if (left === 0) openOf.delete(tenant)
      else openOf.set(tenant, left)
    }
  }
}
