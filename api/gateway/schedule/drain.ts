/** Places that became free last: what was before says little of now. */
const mostRemembered = 32

/** How fast places in a queue become free, since it was last empty. */
export class Drain {
  /** When it began to wait, and then when the last places became free; ms. */
  readonly #times: number[]

  constructor(nowMs: number) {
    this.#times = [nowMs]
  }

  freed(nowMs: number): void {
    this.#times.push(nowMs)
    if (this.#times.length > mostRemembered) this.#times.shift()
  }

  /** Until so many more are free, at the pace of late, ms. While none has become free it is longer the longer that lasts. */
  msFor(places: number, nowMs: number): number {
    const freed = Math.max(1, this.#times.length - 1)
    return (places * (nowMs - (this.#times[0] ?? nowMs))) / freed
  }
}
