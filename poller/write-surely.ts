import { type BackoffOptions, backoffMs } from '@warren/platform/backoff'
import { dispositionOf, reasonOf, WarrenError } from '@warren/platform/errors'
import type { LineBatch, RefusedItem, WriteOutcome } from '@warren/stores/write-outcome'
import { linesOf } from './line-batch.ts'
import { pause } from './pause.ts'

export interface WriteSurelyOptions<B extends LineBatch> {
  readonly write: (batch: () => B) => Promise<WriteOutcome>
  /** What the store is trusted with now: a larger batch that failed is written again in halves. */
  readonly maxItems: () => number
  readonly slice: (batch: B, from: number, to: number) => B
  readonly backoff: BackoffOptions
  /** Ends the waiting between tries; the write then rejects with the signal's reason. */
  readonly signal: AbortSignal
  readonly onRetry: (error: unknown) => void
  readonly onWritten: () => void
}

/** `batch` is asked for by the first attempt, once the store may be asked, and gives the same each time. Writes until the store has answered for every item, and returns those it will never take.
 *  An outage is waited for, however long. A batch that is rejected as a whole is halved until the items to blame stand alone. Rejects only on a fatal error or the signal. */
export async function writeSurely<B extends LineBatch>(
  batch: () => B,
  options: WriteSurelyOptions<B>,
): Promise<readonly RefusedItem[]> {
  const { signal, backoff, onRetry, onWritten } = options
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted()
    try {
      const { refused } = await options.write(batch)
      onWritten()
      return refused
    } catch (error) {
      if (dispositionOf(error) === 'fatal') throw error
      if (dispositionOf(error) === 'reject') return await refuse(batch(), options, error)
      onRetry(error)
      await pause(pauseMs(error, attempt, backoff), signal)
      if (linesOf(batch()) > options.maxItems()) return await writeHalves(batch(), options)
    }
  }
}

function pauseMs(error: unknown, attempt: number, backoff: BackoffOptions): number {
  const wanted = error instanceof WarrenError ? (error.retryAfterMs ?? 0) : 0
  return Math.max(wanted, backoffMs(attempt, backoff))
}

/** Only a batch of one item is to blame for its rejection. */
async function refuse<B extends LineBatch>(
  batch: B,
  options: WriteSurelyOptions<B>,
  error: unknown,
): Promise<readonly RefusedItem[]> {
  if (linesOf(batch) > 1) return await writeHalves(batch, options)
  return [{ index: 0, code: 'refused_by_store', reason: reasonOf(error) }]
}

async function writeHalves<B extends LineBatch>(
  batch: B,
  options: WriteSurelyOptions<B>,
): Promise<readonly RefusedItem[]> {
  const count = linesOf(batch)
  const middle = count >> 1
  const halfOf = (from: number, to: number) => {
    const half = options.slice(batch, from, to)
    return writeSurely(() => half, options)
  }
  const first = await halfOf(0, middle)
  const second = await halfOf(middle, count)
  return [...first, ...second.map((item) => ({ ...item, index: item.index + middle }))]
}
