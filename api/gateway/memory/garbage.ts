import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Answers that took less leave what V8 finds soon enough by itself. */
const largeBytes = 1024 ** 2

type Collect = (options: { readonly type: 'major'; readonly execution: 'sync' }) => void

/** V8's own `gc`, which it shows to contexts that begin after this flag. */
function findCollect(): Collect {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}

/** What lives in V8's heap, and outside of it for what lives there, alive or not, bytes. */
function heldBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}

interface GarbageOptions {
  readonly collect?: () => void
  readonly heldBytes?: () => number
}

/** What large answers leave behind. V8 lets a heap grow to several times of what is alive in it before it looks, and the texts and rows of an answer of 10 MB are as much as all that is alive.
 *  It is asked to look only where there is much: what it is made to collect takes what it has compiled for objects of which none is alive at that moment, and that of all the code that answers. */
export class Garbage {
  readonly #mostBytes: number
  readonly #collect: () => void
  readonly #heldBytes: () => number
  /** That answers say they left. */
  #bytes = 0
  /** Of what was held, when there was least. */
  #leastHeld: number

  /** Looked for each time that there are said to be so many bytes, and collected where V8 holds half as many more than it did. */
  constructor(mostBytes: number, options: GarbageOptions = {}) {
    const found = options.collect === undefined ? findCollect() : undefined
    this.#mostBytes = mostBytes
    this.#collect = options.collect ?? (() => found?.({ type: 'major', execution: 'sync' }))
    this.#heldBytes = options.heldBytes ?? heldBytes
    this.#leastHeld = this.#heldBytes()
  }

  /** An answer has given back some of so many bytes that it had. */
  left(bytes: number, had: number): void {
    if (had < largeBytes) return
    this.#bytes += bytes
    if (this.#bytes < this.#mostBytes) return
    this.#bytes = 0
    // Not within what has just let go of it.
    setImmediate(() => this.#look())
  }

  #look(): void {
    if (this.#grown() < this.#mostBytes / 2) return
    this.#collect()
    this.#leastHeld = this.#heldBytes()
  }

  /** Since there was least. */
  #grown(): number {
    const held = this.#heldBytes()
    this.#leastHeld = Math.min(this.#leastHeld, held)
    return held - this.#leastHeld
  }
}
