import { setTimeout as sleep } from 'node:timers/promises'

export interface TogetherOptions {
  readonly stopping: AbortSignal
  /** How long the others are waited for once one has failed, so that they can be closed. */
  readonly graceMs: number
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

/** Waits for parts that open side by side. Rejects with the first error, or when told to stop, but not before the others have opened or failed too: nothing is left half open behind. */
export async function together<const Parts extends readonly Promise<unknown>[]>(
  parts: Parts,
  { stopping, graceMs }: TogetherOptions,
): Promise<{ -readonly [Key in keyof Parts]: Awaited<Parts[Key]> }> {
  const all = Promise.all(parts)
  try {
    return await Promise.race([all, aborted(stopping)])
  } catch (error) {
    await Promise.race([Promise.allSettled(parts), sleep(graceMs, undefined, { ref: false })])
    throw error
  }
}
