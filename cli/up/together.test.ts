import { expect, it } from 'vitest'
import { together } from './together.ts'

const never = new AbortController().signal

it('resolves with every part', async () => {
  const parts = [Promise.resolve(1), Promise.resolve('b')] as const
  expect(await together(parts, { stopping: never, graceMs: 0 })).toEqual([1, 'b'])
})

it('rejects with the first error once the others have opened too', async () => {
  const slow = Promise.withResolvers<string>()
  let ended = false
  const opening = together([Promise.reject(new Error('first')), slow.promise], {
    stopping: never,
    graceMs: 60_000,
  }).finally(() => {
    ended = true
  })
  opening.catch(() => undefined)
  await new Promise(setImmediate)
  expect(ended).toBe(false)
  slow.resolve('late')
  await expect(opening).rejects.toThrow('first')
})

it('leaves when told to stop, and does not wait for ever', async () => {
  const stopping = new AbortController()
  const opening = together([new Promise(() => undefined)], {
    stopping: stopping.signal,
    graceMs: 1,
  })
  stopping.abort()
  await expect(opening).rejects.toBe(stopping.signal.reason)
})
