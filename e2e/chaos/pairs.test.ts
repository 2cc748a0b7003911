import { expect, test } from 'vitest'
import type { Fault } from './fault.ts'
import { randomPairs } from './pairs.ts'

const faultOf = (name: string, target: Fault['target'], counts: Fault['counts']): Fault => ({
  ...{ name, target, counts },
  short: true,
  run: async () => undefined,
})

const faults = [
  faultOf('kill', 'poller', 'nothing'),
  faultOf('cut', 'publisher', 'at least'),
  faultOf('twice', 'publisher', 'equal'),
  faultOf('restart', 'broker', 'at least'),
  faultOf('full', 'stores', 'equal'),
]
const everything = () => true
const namesOf = (pairs: readonly Fault[]) => pairs.map(({ name }) => name)

test('a seed decides the pairs', () => {
  const options = { seed: 7, count: 4, allowed: everything }
  const names = namesOf(randomPairs(faults, options))
  expect(names).toHaveLength(4)
  expect(namesOf(randomPairs(faults, options))).toEqual(names)
  expect(namesOf(randomPairs(faults, { ...options, seed: 8 }))).not.toEqual(names)
})

test('never two of one target, none that is not allowed, each pair once', () => {
  const allowed = (first: Fault, second: Fault) => ![first.target, second.target].includes('broker')
  const names = namesOf(randomPairs(faults, { seed: 1, count: 100, allowed }))
  expect([...names].sort()).toEqual([
    'cut + full',
    'kill + cut',
    'kill + full',
    'kill + twice',
    'twice + full',
  ])
})

test('the counters of a pair say no more than those of either', () => {
  const pairs = randomPairs(faults, { seed: 1, count: 100, allowed: everything })
  const counts = Object.fromEntries(pairs.map((pair) => [pair.name, pair.counts]))
  expect(counts).toMatchObject({
    'kill + cut': 'nothing',
    'cut + full': 'at least',
    'twice + full': 'equal',
  })
})
