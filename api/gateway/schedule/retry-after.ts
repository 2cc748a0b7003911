/** Sooner, who comes back costs more than it brings; later, a queue may have become empty long ago. Seconds. */
const [least, most] = [2, 30]
/** Those that were refused together come back apart, over half as long again. */
const spread = 0.5

/** Whole seconds after which who was refused may ask again, when what it waited for, or an empty queue, takes so long. */
export function retryAfterS(drainMs: number, random: () => number = Math.random): number {
  const seconds = Math.min(most, Math.max(least, drainMs / 1000))
  return Math.ceil(seconds * (1 + spread * random()))
}
