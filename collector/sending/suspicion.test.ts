import { brokerError } from '@warren/broker/errors'
import { expect, test } from 'vitest'
import { createSuspicion } from './suspicion.ts'

const unroutable = brokerError('unroutable', 'no queue')
const away = brokerError('broker_unavailable', 'no broker')

test('convicts a message after five answers to it alone, of which outages are none', () => {
  const suspicion = createSuspicion()
  const heard = (error: Error, alone = true) => suspicion.convicts('a', error, alone)
  expect([heard(away), suspicion.isRaised]).toEqual([false, false])
  expect([heard(unroutable, false), suspicion.isRaised]).toEqual([false, true])
  for (const error of [unroutable, away, away, unroutable, unroutable, unroutable])
    expect(heard(error)).toBe(false)
  expect(heard(unroutable)).toBe(true)
  suspicion.clear('b')
  expect(suspicion.isRaised).toBe(true)
  suspicion.clear('a')
  expect(suspicion.isRaised).toBe(false)
})

test('begins anew with another message', () => {
  const suspicion = createSuspicion()
  const answers = ['a', 'a', 'a', 'a', 'b', 'a', 'a', 'a', 'a', 'a'].map((id) =>
    suspicion.convicts(id, unroutable, true),
  )
  expect(answers.filter(Boolean)).toEqual([true])
  expect(answers.at(-1)).toBe(true)
})
