export interface BackoffOptions {
  readonly firstMs: number
  readonly maxMs: number
  /** 0 to 1 exclusive; `Math.random` unless a test says otherwise. */
  readonly random?: () => number
}

/** Exponential delays with full jitter on the upper half: attempt 0 waits about `firstMs`, none more than `maxMs`. */
export function backoffMs(
  attempt: number,
  { firstMs, maxMs, random = Math.random }: BackoffOptions,
): number {
  const ceiling = Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30))
  return ceiling / 2 + (random() * ceiling) / 2
}
