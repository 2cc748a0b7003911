/**
 * The sum of floats as if it were computed without error and rounded once: the same whatever the order.
 * Keeps parts that do not overlap, as Python's `math.fsum` (Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997).
 * Neither values nor sums may reach 2^1023.
 */
export class ExactSum {
  /** Least first; their exact sum is that of all that was added. */
  readonly #parts: number[] = []

  add(value: number): this {
    let carried = value
    let kept = 0
    for (const part of this.#parts) {
      const [large, small] = Math.abs(carried) < Math.abs(part) ? [part, carried] : [carried, part]
      const sum = large + small
      const lost = small - (sum - large)
      if (lost !== 0) this.#parts[kept++] = lost
      carried = sum
    }
    this.#parts.length = kept
    this.#parts.push(carried)
    return this
  }

  value(): number {
    const parts = this.#parts
    let at = parts.length - 1
    let sum = parts[at] ?? 0
    let lost = 0
    while (at > 0 && lost === 0) {
      const part = parts[--at] ?? 0
      const next = sum + part
      lost = part - (next - sum)
      sum = next
    }
    return isRoundedWrongly(lost, parts[at - 1]) ? awayFrom(sum, lost) : sum + 0
  }
}

/** What was lost may be half a unit, rounded to even, where what follows makes it more than half. */
const isRoundedWrongly = (lost: number, next: number | undefined): boolean =>
  next !== undefined && lost !== 0 && lost < 0 === next < 0

/** The neighbour of the sum on the side of what was lost, if that was just half a unit. */
function awayFrom(sum: number, lost: number): number {
  const twice = lost * 2
  const neighbour = sum + twice
  return twice === neighbour - sum ? neighbour : sum
}
