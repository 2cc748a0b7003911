import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createTurns } from './in-turn.ts'

it('runs one after the other, in order, also after one that fails', async () => {
  const inTurn = createTurns()
  const seen: string[] = []
  const run = (name: string, ms: number) =>
    inTurn(async () => {
      seen.push(`${name} begins`)
      await sleep(ms)
      seen.push(`${name} ends`)
      if (name === 'b') throw new Error('b fails')
      return name
    })
  const outcomes = await Promise.allSettled([run('a', 20), run('b', 5), run('c', 1)])
  expect(seen).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

it('runs so many at once, and the others as these end', async () => {
  const inTurn = createTurns(2)
  let [running, most] = [0, 0]
  const run = () =>
    inTurn(async () => {
      most = Math.max(most, ++running)
      await sleep(2)
      running--
    })
  await Promise.all(Array.from({ length: 9 }, run))
  expect([running, most]).toEqual([0, 2])
})

it('begins nothing before the call returns', async () => {
  const inTurn = createTurns()
  let begun = false
  const turn = inTurn(async () => {
    begun = true
  })
  expect(begun).toBe(false)
  await turn
  expect(begun).toBe(true)
})
