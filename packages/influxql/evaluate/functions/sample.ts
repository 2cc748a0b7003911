import type { Reducer } from './reduce-points.ts'

/** So many points of a stretch, each as likely as any other. The chance is that of the points' own positions, so that a question has one answer. */
export const sampleOf: Reducer = ({ values, from, to }, count) => {
  const chosen: number[] = []
  for (let index = from; index < to; index++) {
    if (chosen.length < count) chosen.push(index)
    else {
      const slot = mixed(index - from) % (index - from + 1)
      if (slot < count) chosen[slot] = index
    }
  }
  return chosen.sort((a, b) => a - b).map((index) => ({ value: values[index] ?? null, index }))
}

/** Spreads small integers over 32 bits (the finaliser of MurmurHash3). */
function mixed(position: number): number {
  let hash = (position + 1) >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
