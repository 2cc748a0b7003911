import { serveWorker } from './serve-worker.ts'
import { storeError, toQuestionError } from './store-error.ts'

/** A worker that stores nothing, for the test of `StoreWorker`. */
const methods = {
  echo: async (text: string) => text,
  length: async (bytes: Uint8Array) => bytes.length,
  fail: async (_: null) => {
    throw storeError('disk_full', 'no space left on the data disk: test')
  },
  confuse: async (_: null) => {
    throw toQuestionError(new TypeError('x is not a function'))
  },
  die: async (_: null) => process.exit(3),
  never: (_: null, signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('stopped')))
    }),
}

export type TestMethods = typeof methods

await serveWorker(async (settings) => {
  if (settings === 'broken') throw storeError('file_corrupt', 'cannot open')
  return { methods, close: async () => undefined }
})
