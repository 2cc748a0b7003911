import { afterEach, expect, test, vi } from 'vitest'
import { StoreWorker } from './store-worker.ts'
import type { TestMethods } from './testing.ts'

const options = {
  module: new URL('./testing.ts', import.meta.url),
  settings: 'fine',
  heapMb: 64,
  restart: { firstMs: 5, maxMs: 10 },
}
const open = () => StoreWorker.open<TestMethods>(options)
let worker: StoreWorker<TestMethods>
afterEach(() => worker.close())

test('answers calls and moves buffers', async () => {
  worker = await open()
  expect(await worker.call('echo', 'x')).toBe('x')
  const bytes = new Uint8Array(5)
  expect(await worker.call('length', bytes, { transfer: [bytes.buffer] })).toBe(5)
  expect(bytes.length).toBe(0)
})

test('keeps code and disposition of an error', async () => {
  worker = await open()
  await expect(worker.call('fail', null)).rejects.toMatchObject({
    name: 'WarrenError',
    code: 'disk_full',
    disposition: 'retry',
  })
})

test('keeps where in our code a question met a defect', async () => {
  worker = await open()
  await expect(worker.call('confuse', null)).rejects.toMatchObject({
    ...{ code: 'question_failed', disposition: 'reject' },
    stack: expect.stringMatching(/TypeError: x is not a function\n.*testing\.ts/),
  })
})

test('throws what the worker said when it cannot start', async () => {
  await expect(
    StoreWorker.open<TestMethods>({ ...options, settings: 'broken' }),
  ).rejects.toMatchObject({ code: 'file_corrupt' })
})

test('cancels a call by its signal', async () => {
  worker = await open()
  const abort = new AbortController()
  const call = worker.call('never', null, { signal: abort.signal })
  abort.abort()
  await expect(call).rejects.toMatchObject({ code: 'aborted' })
})

test('rejects every pending call when the thread dies, and starts another', async () => {
  worker = await open()
  const pending = worker.call('never', null)
  const dying = worker.call('die', null)
  await expect(pending).rejects.toMatchObject({ code: 'worker_died', disposition: 'retry' })
  await expect(dying).rejects.toMatchObject({ code: 'worker_died' })
  await vi.waitUntil(async () => {
    try {
      return (await worker.call('echo', 'again')) === 'again'
    } catch {
      return false
    }
  }, 20_000)
})

test('refuses calls once closed, and closes twice', async () => {
  worker = await open()
  const call = worker.call('echo', 'last')
  await worker.close()
  await worker.close()
  expect(await call).toBe('last')
  await expect(worker.call('echo', 'x')).rejects.toMatchObject({ code: 'store_closed' })
})
