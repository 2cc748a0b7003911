import type { Health } from '@warren/contracts/http/status'
import { hasCode, reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import type { DeadLetters } from '@warren/stores/catalog/dead-letter-store'
import { isFull } from './put-together.ts'

/** A refused letter is tried again each ten seconds, by this poller or, once it was given back, by another. */
const shownMs = 60_000

/** Says so while the catalog is there and refuses letters: they wait in their queue, before those of everybody. */
export function watchRefused(
  { put }: Pick<DeadLetters, 'put'>,
  now: () => number = Date.now,
): Pick<DeadLetters, 'put'> & { health(): Health } {
  const health = createHealthCell('letters for the catalog', now)
  health.set('green')
  let refusedMs = Number.NEGATIVE_INFINITY
  return {
    put: async (letters) => {
      try {
        await put(letters)
      } catch (error) {
        if (letters.length === 1 && !isFull(error) && !hasCode(error, 'catalog_unavailable')) {
          refusedMs = now()
          health.set('red', `dead letter ${letters[0]?.id} waits: ${reasonOf(error)}`)
        }
        throw error
      }
    },
    health: () => {
      if (now() - refusedMs > shownMs) health.set('green')
      return health.read()
    },
  }
}
