import { Random } from '../random.ts'
import type { Fault } from './fault.ts'

/** From what says least. */
const strengths: readonly Fault['counts'][] = ['nothing', 'at least', 'equal']

const weaker = (first: Fault['counts'], second: Fault['counts']): Fault['counts'] =>
  strengths.indexOf(first) < strengths.indexOf(second) ? first : second

const together = (first: Fault, second: Fault): Fault => ({
  name: `${first.name} + ${second.name}`,
  target: first.target,
  counts: weaker(first.counts, second.counts),
  short: first.short && second.short,
  run: async (world, load) => {
    const outcomes = await Promise.allSettled([first.run(world, load), second.run(world, load)])
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  },
})

export interface PairsOptions {
  readonly seed: number
  readonly count: number
  /** Whether two targets may be broken at once. */
  readonly allowed: (first: Fault, second: Fault) => boolean
}

/** Pairs of faults that stand at once, the same for the same seed. */
export function randomPairs(
  faults: readonly Fault[],
  { seed, count, allowed }: PairsOptions,
): readonly Fault[] {
  const random = new Random(seed)
  const all = faults.flatMap((first, at) =>
    faults
      .slice(at + 1)
      .filter((second) => first.target !== second.target && allowed(first, second))
      .map((second) => together(first, second)),
  )
  const pairs: Fault[] = []
  while (pairs.length < count && all.length > 0)
    pairs.push(...all.splice(random.int(0, all.length - 1), 1))
  return pairs
}
