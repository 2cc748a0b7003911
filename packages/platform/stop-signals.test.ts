import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { listenToStops } from './stop-signals.ts'

function listen() {
  const source = new EventEmitter()
  const clock = { ms: 0 }
  const { stopping, again } = listenToStops(source, () => clock.ms)
  const seen = { again: false }
  void again.then(() => {
    seen.again = true
  })
  return { source, clock, stopping, seen }
}

it.each(['SIGINT', 'SIGTERM', 'disconnect'])('stops at %s', (signal) => {
  const { source, stopping } = listen()
  expect(stopping.aborted).toBe(false)
  source.emit(signal)
  expect(stopping.aborted).toBe(true)
})

it('takes the copies of one Ctrl-C for one, a later one for a second', async () => {
  const { source, clock, seen } = listen()
  source.emit('SIGINT')
  clock.ms = 20
  source.emit('SIGINT')
  await Promise.resolve()
  expect(seen.again).toBe(false)
  clock.ms = 2000
  source.emit('SIGTERM')
  await Promise.resolve()
  expect(seen.again).toBe(true)
})
