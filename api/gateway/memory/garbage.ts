import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Answers that took less leave what V8 finds soon enough by itself. */
const largeBytes = 1024 ** 2

type Collect = (options: { readonly type: 'major'; readonly execution: 'sync' }) => void

/** V8's own `gc`, which it shows to contexts that begin after this flag. */
function findCollect(): Collect {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}

/** What large answers leave behind. V8 lets a heap grow to several times of what is alive in it before it looks, and the texts and rows of an answer of 10 MB are as much as all that is alive. */
export class Garbage {
  readonly #mostBytes: number
  readonly #collect: () => void
  #bytes = 0

  /** Collected each time that there are so many bytes. */
  constructor(mostBytes: number, collect?: () => void) {
    const found = collect === undefined ? findCollect() : undefined
    this.#mostBytes = mostBytes
    this.#collect = collect ?? (() => found?.({ type: 'major', execution: 'sync' }))
  }

  /** An answer has given back some of so many bytes that it had. */
  left(bytes: number, had: number): void {
    if (had < largeBytes) return
    this.#bytes += bytes
    if (this.#bytes < this.#mostBytes) return
    this.#bytes = 0
    // Not within what has just let go of it.
    setImmediate(this.#collect)
  }
}
