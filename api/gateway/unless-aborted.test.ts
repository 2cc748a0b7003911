import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { unlessAborted } from './unless-aborted.ts'

function begin() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const controller = new AbortController()
  const { signal } = controller
  const waited = unlessAborted(promise, signal)
  return {
    resolve,
    reject,
    controller,
    waited,
    listeners: () => getEventListeners(signal, 'abort'),
  }
}

it('settles as the answer does, and leaves no listener', async () => {
  const good = begin()
  good.resolve('rows')
  expect(await good.waited).toBe('rows')
  const bad = begin()
  const error = new Error('the store failed')
  bad.reject(error)
  await expect(bad.waited).rejects.toBe(error)
  expect([good.listeners(), bad.listeners()]).toEqual([[], []])
})

it('rejects with the reason of the signal, whatever comes later', async () => {
  const { controller, reject, waited, listeners } = begin()
  const reason = new Error('the client left')
  controller.abort(reason)
  await expect(waited).rejects.toBe(reason)
  reject(new Error('cancelled'))
  // An unhandled rejection would fail the test.
  await new Promise(setImmediate)
  expect(listeners()).toEqual([])
})

it('waits for nothing where the signal has fired', async () => {
  const { promise, reject } = Promise.withResolvers<never>()
  const reason = new Error('too late')
  const signal = AbortSignal.abort(reason)
  await expect(unlessAborted(promise, signal)).rejects.toBe(reason)
  reject(new Error('cancelled'))
  // An unhandled rejection would fail the test.
  await new Promise(setImmediate)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
