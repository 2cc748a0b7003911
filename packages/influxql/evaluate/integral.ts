import type { Value } from '../result.ts'
import type { Points } from './points.ts'
import { isInteger } from './reduce-points.ts'
import type { Windows } from './windows.ts'

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
    const { unitNs, windows, ascending } = this.#options
    const previous = this.#previous
    this.#previous = { ...sample }
    if (previous === undefined) {
      if (windows.interval !== undefined || isInteger(sample.value)) this.#enter(sample.time)
      return
    }
    if (previous.time === sample.time) return
    let from = { time: previous.time, value: Number(previous.value) }
    let to = Number(sample.value)
    const hasLeft = ascending ? sample.time >= this.#end : sample.time <= this.#end
    const isCut = windows.interval !== undefined || isInteger(sample.value)
    if (isCut && hasLeft) {
      if (from.time !== this.#end) {
        const edge = valueBetween(from, { time: sample.time, value: to }, this.#end)
        this.#sum += 0.5 * (edge + from.value) * (Number(this.#end - from.time) / unitNs)
        // Of integers the cut moves the value of the newer point, not of the older one.
        if (isInteger(sample.value)) to = edge
        from = { time: this.#end, value: isInteger(sample.value) ? from.value : edge }
      }
      this.#emit()
      this.#enter(sample.time)
      this.#sum = 0
    }
    this.#sum += 0.5 * (to + from.value) * (Number(sample.time - from.time) / unitNs)
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

function valueBetween(from: Corner, to: Corner, at: bigint): number {
  const slope = (to.value - from.value) / Number(to.time - from.time)
  return slope * Number(at - from.time) + from.value
}
