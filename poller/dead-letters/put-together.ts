import type { DeadLetter } from '@warren/contracts/dead-letter'
import { hasCode, WarrenError } from '@warren/platform/errors'
import type { DeadLetters } from '@warren/stores/catalog/dead-letter-store'

interface Entry {
  readonly letter: DeadLetter
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Whether the catalog refused letters because their tenant has as many as it may. */
export const isFull = (error: unknown): boolean => hasCode(error, 'dead_letters_full')

const rejectAll = (entries: readonly Entry[], error: unknown): void => {
  for (const { reject } of entries) reject(error)
}

/** Of one tenant, until it has no more room. */
async function putOneByOne(entries: readonly Entry[], put: DeadLetters['put']): Promise<void> {
  for (const [at, { letter, resolve, reject }] of entries.entries()) {
    try {
      await put([letter])
      resolve()
    } catch (error) {
      if (isFull(error)) return rejectAll(entries.slice(at), error)
      reject(error)
    }
  }
}

/** Nothing is behind the queue of letters: one that is given up is lost. So what the catalog refuses waits, too, as when a newer Warren has changed its tables: for days, until the queue has
 *  given it out as often as it does. */
const neverGivenUp = (error: unknown): unknown =>
  error instanceof WarrenError && error.disposition === 'reject'
    ? new WarrenError(error.message, { code: error.code, disposition: 'retry', cause: error })
    : error

/** Writes letters that come while others are being written together, in one transaction: 4,000 took 2.9 s so and 46 s each in its own, and letters are parked faster than that.
 *  Every letter has its own outcome, as if it had been put alone; none is rejected, all may be tried again. */
export function putTogether({ put }: Pick<DeadLetters, 'put'>) {
  let waiting: Entry[] = []
  let isPutting = false

  const putAll = async (entries: readonly Entry[]): Promise<void> => {
    try {
      await put(entries.map(({ letter }) => letter))
      for (const { resolve } of entries) resolve()
    } catch (error) {
      if (entries.length === 1 || hasCode(error, 'catalog_unavailable'))
        return rejectAll(entries, error)
      await putApart(entries)
    }
  }
  /** Nothing of them was taken, and one may be to blame. */
  const putApart = async (entries: readonly Entry[]): Promise<void> => {
    const tenants = Map.groupBy(entries, ({ letter }) => letter.tenant)
    if (tenants.size === 1) return putOneByOne(entries, put)
    for (const own of tenants.values()) await putAll(own)
  }
  const run = async (): Promise<void> => {
    isPutting = true
    while (waiting.length > 0) {
      const entries = waiting
      waiting = []
      await putAll(entries)
    }
    isPutting = false
  }
  return (letter: DeadLetter): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ letter, resolve, reject: (error) => reject(neverGivenUp(error)) })
      if (!isPutting) void run()
    })
}
