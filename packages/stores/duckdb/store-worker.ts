import { setTimeout as delay } from 'node:timers/promises'
import { type Transferable, Worker } from 'node:worker_threads'
import { backoffMs } from '@warren/platform/backoff'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import { storeError } from './store-error.ts'
import {
  type AnswerOf,
  type ArgumentOf,
  type Reply,
  type Request,
  toWarrenError,
  type WorkerMethods,
} from './worker-protocol.ts'

interface StoreWorkerOptions {
  /** The module the thread runs; it calls `serveWorker`. */
  readonly module: URL
  /** Survives a structured clone. */
  readonly settings: unknown
  /** Bound of the thread's JavaScript heap; beyond it the thread dies and is started again. */
  readonly heapMb: number
  readonly restart?: { readonly firstMs: number; readonly maxMs: number }
}

interface CallOptions {
  /** Buffers that move to the worker and are empty here afterwards. */
  readonly transfer?: readonly Transferable[]
  readonly signal?: AbortSignal | undefined
}

/** Small, so that it is collected often: DuckDB's chunks are freed only when the objects that stand for them are. */
const youngMb = 8

interface Pending {
  resolve(value: unknown): void
  reject(error: WarrenError): void
}

/** A thread that answers calls. When it dies every pending call rejects with a `retry` error and a new thread is started after a back-off. */
export class StoreWorker<Methods extends WorkerMethods> {
  readonly #options: StoreWorkerOptions
  readonly #pending = new Map<number, Pending>()
  readonly #stopping = new AbortController()
  #worker: Worker | undefined
  #down: WarrenError | undefined
  #nextId = 0
  #deaths = 0
  #closing: Promise<void> | undefined

  private constructor(options: StoreWorkerOptions) {
    this.#options = options
  }

  /** Throws what the worker said when it cannot start the first time. */
  static async open<Methods extends WorkerMethods>(
    options: StoreWorkerOptions,
  ): Promise<StoreWorker<Methods>> {
    const store = new StoreWorker<Methods>(options)
    await store.#start()
    return store
  }

  async call<Name extends keyof Methods & string>(
    name: Name,
    argument: ArgumentOf<Methods[Name]>,
    { transfer = [], signal }: CallOptions = {},
  ): Promise<AnswerOf<Methods[Name]>> {
    if (this.#closing !== undefined)
      throw storeError('store_closed', 'the embedded store is closed')
    if (signal?.aborted) throw storeError('aborted', 'the query was cancelled')
    const worker = this.#worker
    if (worker === undefined)
      throw this.#down ?? storeError('worker_died', 'the embedded store is starting again')
    const id = this.#nextId++
    const onAbort = () => worker.postMessage({ kind: 'abort', id } satisfies Request)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await new Promise<AnswerOf<Methods[Name]>>((resolve, reject) => {
        this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject })
        worker.postMessage({ kind: 'call', id, name, argument } satisfies Request, transfer)
      })
    } finally {
      this.#pending.delete(id)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** Answers what was called before, then closes the store in the worker. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#drain()
    return this.#closing
  }

  async #drain(): Promise<void> {
    this.#stopping.abort()
    const worker = this.#worker
    if (worker === undefined) return
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    worker.postMessage({ kind: 'close' } satisfies Request)
    await exited
  }

  /** Resolves when the worker takes calls. */
  #start(): Promise<void> {
    const { module, settings, heapMb } = this.#options
    const worker = new Worker(module, {
      workerData: settings,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: youngMb },
    })
    return new Promise((resolve, reject) => {
      let cause: unknown
      worker.on('error', (error) => {
        cause = error
      })
      worker.on('message', (reply: Reply) => {
        if (reply.kind === 'ready') {
          this.#worker = worker
          this.#down = undefined
          resolve()
        } else if (reply.kind === 'unready') cause = toWarrenError(reply.error)
        else this.#settle(reply)
      })
      worker.once('exit', () => {
        const error =
          cause instanceof WarrenError
            ? cause
            : storeError(
                'worker_died',
                `the embedded store's thread ended: ${reasonOf(cause)}`,
                cause,
              )
        reject(error)
        if (this.#worker === worker) this.#died(error)
      })
    })
  }

  #settle(reply: Extract<Reply, { id: number }>): void {
    const pending = this.#pending.get(reply.id)
    if (reply.kind === 'failure') pending?.reject(toWarrenError(reply.error))
    else {
      this.#deaths = 0
      pending?.resolve(reply.value)
    }
  }

  #died(error: WarrenError): void {
    this.#worker = undefined
    this.#down = error
    for (const { reject } of this.#pending.values()) reject(error)
    if (!this.#stopping.signal.aborted) void this.#restart()
  }

  async #restart(): Promise<void> {
    const { firstMs, maxMs } = this.#options.restart ?? { firstMs: 100, maxMs: 10_000 }
    const { signal } = this.#stopping
    while (!signal.aborted && this.#worker === undefined) {
      try {
        await delay(backoffMs(this.#deaths++, { firstMs, maxMs }), undefined, { signal })
        await this.#start()
      } catch (error) {
        if (error instanceof WarrenError) this.#down = error
      }
    }
    // Closed while it was starting: nobody else knows this thread.
    if (signal.aborted) this.#worker?.postMessage({ kind: 'close' } satisfies Request)
  }
}
