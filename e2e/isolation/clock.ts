import { bornMs } from './times.ts'

/** What both worlds take for now: it stands still while a question is asked, so that both are asked at one moment, on one step of the grid. */
export class Clock {
  #nowMs = bornMs

  readonly now = (): number => this.#nowMs

  /** Nothing may be under way. */
  advance(ms: number): void {
    this.#nowMs += ms
  }
}

/** To another place in a later step of the grid of 5 s: whole answers of before are over, buckets that were kept are not. */
export const tickMs = 5700

/** After it nothing is kept, neither whole answers nor buckets. */
export const forgetMs = 3_700_000
