import { parentPort, workerData } from 'node:worker_threads'
import { storeError } from './store-error.ts'
import { type Reply, type Request, toPlainError, type WorkerMethods } from './worker-protocol.ts'

export interface WorkerBody<Methods extends WorkerMethods> {
  readonly methods: Methods
  /** Called once, after the last call has been answered. */
  close(): Promise<void>
}

interface Serving {
  readonly methods: WorkerMethods
  readonly reply: (message: Reply) => void
  readonly running: Map<number, AbortController>
  onInvalidated(): void
}

async function answer(serving: Serving, call: Extract<Request, { kind: 'call' }>): Promise<void> {
  const { methods, reply, running } = serving
  const abort = new AbortController()
  running.set(call.id, abort)
  try {
    const method = methods[call.name]
    if (method === undefined) throw new Error(`BUG: the worker has no method ${call.name}`)
    const value = await method(call.argument as never, abort.signal, () => running.size === 1)
    reply({ kind: 'answer', id: call.id, value })
  } catch (cause) {
    const error = abort.signal.aborted
      ? toPlainError(storeError('aborted', 'the query was cancelled', cause))
      : toPlainError(cause)
    reply({ kind: 'failure', id: call.id, error })
    if (error.code === 'store_invalidated') serving.onInvalidated()
  } finally {
    running.delete(call.id)
  }
}

/** The whole life of a worker thread: opens the body with `workerData`, answers calls as they come (also at the same time), drains and closes. */
export async function serveWorker<Methods extends WorkerMethods>(
  open: (settings: unknown) => Promise<WorkerBody<Methods>>,
): Promise<void> {
  const port = parentPort
  if (port === null) throw new Error('BUG: not in a worker thread')
  const reply = (message: Reply) => port.postMessage(message)
  let body: WorkerBody<Methods>
  try {
    body = await open(workerData)
  } catch (cause) {
    reply({ kind: 'unready', error: toPlainError(cause) })
    port.close()
    return
  }
  const calls = new Set<Promise<void>>()
  // DuckDB refuses everything until the file is opened again: the parent starts a new worker. Not before native work has
  // ended, since it would end the whole process.
  const onInvalidated = () => void Promise.all(calls).then(() => process.exit(1))
  const serving: Serving = { methods: body.methods, reply, running: new Map(), onInvalidated }
  const close = async () => {
    await Promise.all(calls)
    try {
      await body.close()
    } finally {
      port.close()
    }
  }
  port.on('message', (request: Request) => {
    if (request.kind === 'abort') serving.running.get(request.id)?.abort()
    else if (request.kind === 'close') void close()
    else {
      const call = answer(serving, request).finally(() => calls.delete(call))
      calls.add(call)
    }
  })
  reply({ kind: 'ready' })
}
