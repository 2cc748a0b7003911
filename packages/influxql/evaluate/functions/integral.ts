import type { Value } from '../../answers/result.ts'
import type { Points } from '../points.ts'
import type { Windows } from '../windows/windows.ts'
import { isInteger } from './reduce-points.ts'

interface IntegralOptions {
  readonly unitNs: number
  readonly windows: Windows
  readonly ascending: boolean
}

/** The area under the lines between points, in the order of the answer. A line that leaves a bucket is cut at the bucket's edge; the
 *  rest of it counts in the bucket of its other end, and buckets without a point have none. A last bucket that only a point at its
 *  edge has reached is left out (query/functions.go). */
export function integralOf({ times, values }: Points, options: IntegralOptions): Points {
  const area = new Area(options)
  for (let at = 0; at < times.length; at++)
    area.add({ time: times[at] ?? 0n, value: values[at] ?? null })
  return area.close()
}

interface Sample {
  time: bigint
  readonly value: Value
}

class Area {
  readonly #options: IntegralOptions
  readonly #out = { times: [] as bigint[], values: [] as Value[] }
  #previous: Sample | undefined
  #start = 0n
  #end = 0n
  #sum = 0

  constructor(options: IntegralOptions) {
    this.#options = options
  }

  add(sample: Sample): void {
    const previous = this.#previous
    this.#previous = { ...sample }
    if (previous === undefined) {
      if (this.#isCut(sample)) this.#enter(sample.time)
      return
    }
    if (previous.time === sample.time) return
    const ends = { from: cornerOf(previous), to: cornerOf(sample) }
    const { from, to } =
      this.#isCut(sample) && this.#hasLeft(sample.time) ? this.#cut(ends, sample) : ends
    this.#sum += this.#areaBetween(from, to)
  }

  /** Integers are cut at the end of the range, too. */
  #isCut({ value }: Sample): boolean {
    return this.#options.windows.interval !== undefined || isInteger(value)
  }

  #hasLeft(ns: bigint): boolean {
    return this.#options.ascending ? ns >= this.#end : ns <= this.#end
  }

  /** Closes the bucket at its edge; what is left is a line from there. */
  #cut({ from, to }: Line, { value }: Sample): Line {
    let rest: Line = { from, to }
    if (from.time !== this.#end) {
      const edge = { time: this.#end, value: valueBetween(from, to, this.#end) }
      this.#sum += this.#areaBetween(from, edge)
      // Of integers the cut moves the value of the newer point, not of the older one.
      rest = isInteger(value)
        ? { from: { ...from, time: edge.time }, to: { ...to, value: edge.value } }
        : { from: edge, to }
    }
    this.#emit()
    this.#enter(to.time)
    this.#sum = 0
    return rest
  }

  #areaBetween(from: Corner, to: Corner): number {
    return 0.5 * (to.value + from.value) * (Number(to.time - from.time) / this.#options.unitNs)
  }

  close(): Points {
    if (this.#previous !== undefined && this.#previous.time !== this.#start) this.#emit()
    return this.#out
  }

  #emit(): void {
    this.#out.times.push(this.#start)
    this.#out.values.push(this.#sum)
  }

  #enter(ns: bigint): void {
    const { windows, ascending } = this.#options
    const { start, end } = windows.around(ns)
    this.#start = windows.named(ascending ? start : end)
    this.#end = ascending ? end : start
  }
}

interface Corner {
  readonly time: bigint
  readonly value: number
}

interface Line {
  readonly from: Corner
  readonly to: Corner
}

const cornerOf = ({ time, value }: Sample): Corner => ({ time, value: Number(value) })

function valueBetween(from: Corner, to: Corner, at: bigint): number {
  const slope = (to.value - from.value) / Number(to.time - from.time)
  return slope * Number(at - from.time) + from.value
}
