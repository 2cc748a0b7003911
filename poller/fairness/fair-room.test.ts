import { expect, test } from 'vitest'
import { createFairRoom } from './fair-room.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

function watched(max: number, maxOfOne = max) {
  const room = createFairRoom({ max, maxOfOne: () => maxOfOne })
  const admitted: string[] = []
  return {
    ...{ room, admitted },
    ask: (tenant: string, amount: number) =>
      void room.take(tenant, amount).then(() => admitted.push(`${tenant}${amount}`)),
  }
}

test('tenants take turns, whoever asked first', async () => {
  const { room, admitted, ask } = watched(2)
  for (const _ of [1, 2, 3, 4]) ask('a', 1)
  ask('b', 1)
  await settle()
  expect(admitted).toEqual(['a1', 'a1'])
  room.give('a', 1)
  room.give('a', 1)
  await settle()
  expect(admitted).toEqual(['a1', 'a1', 'a1', 'b1'])
})

test('who has its share waits for itself while others come in', async () => {
  const { room, admitted, ask } = watched(10, 6)
  ask('a', 6)
  ask('a', 1)
  ask('b', 4)
  await settle()
  expect(admitted).toEqual(['a6', 'b4'])
  room.give('a', 6)
  await settle()
  expect(admitted).toEqual(['a6', 'b4', 'a1'])
  expect(room.used).toBe(5)
})

test('what a tenant will probably give back does not count for its share, but has room', async () => {
  const room = createFairRoom({ max: 10, maxOfOne: () => 4 })
  const admitted: string[] = []
  const ask = (name: string) => void room.take('a', 6, 1).then(() => admitted.push(name))
  await room.take('a', 2)
  ask('first')
  ask('second')
  await settle()
  expect(admitted).toEqual(['first'])
  room.give('a', 5)
  await settle()
  expect(admitted).toEqual(['first', 'second'])
  expect(room.used).toBe(9)
})

test('what is larger than the room comes in alone, and is not passed over for ever', async () => {
  const { room, admitted, ask } = watched(4, 2)
  ask('a', 3)
  ask('b', 9)
  ask('c', 1)
  await settle()
  expect(admitted).toEqual(['a3'])
  room.give('a', 3)
  await settle()
  expect(admitted).toEqual(['a3', 'b9'])
  room.give('b', 9)
  await settle()
  expect(admitted).toEqual(['a3', 'b9', 'c1'])
})
