/** Sooner, who comes back costs more than it brings; later, a queue may have become empty long ago. Seconds. */
const [least, most] = [2, 30]
/** Those that were refused together come back apart, over half as long again. */
const spread = 0.5

/** Whole seconds after which who found a queue full may ask again, when it takes so long to become empty. */
export function retryAfterS(drainMs: number, random: () => number = Math.random): number {
  const seconds = Math.min(most, Math.max(least, drainMs / 1000))
  return Math.ceil(seconds * (1 + spread * random()))
}
