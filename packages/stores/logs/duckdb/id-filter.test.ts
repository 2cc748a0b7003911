import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { joinIds } from '../../record-ids.ts'
import { IdFilter } from './id-filter.ts'
import { readIds, toIdText } from './read-ids.ts'

const randomIds = (count: number) => Buffer.from(randomBytes(16 * count).toString('hex'))

it('has every id that was added, also across growth, and hardly any other', () => {
  const filter = new IdFilter(0)
  const { words } = readIds(randomIds(60_000)).table
  for (let i = 0; i < 60_000; i++) filter.add(words, i)
  for (let i = 0; i < 60_000; i++) expect(filter.has(words, i)).toBe(true)
  const others = readIds(randomIds(60_000)).table.words
  let wrong = 0
  for (let i = 0; i < 60_000; i++) if (filter.has(others, i)) wrong++
  expect(wrong).toBeLessThanOrEqual(1)
})

it('takes ids that share all but one word', () => {
  const filter = new IdFilter(0)
  const ids = Array.from({ length: 5000 }, (_, i) => i.toString(16).padStart(32, '0'))
  const { words } = readIds(joinIds(ids)).table
  for (let i = 0; i < 2500; i++) filter.add(words, i)
  for (let i = 0; i < 2500; i++) expect(filter.has(words, i)).toBe(true)
})

it('reads ids to longs and back, in either case, and lists what is no id', () => {
  const id = '0123456789abcdef00000000000000ff'
  const { table, bad } = readIds(joinIds([id, id.toUpperCase(), 'x'.repeat(32)]))
  expect([...bad]).toEqual([2])
  for (const short of [id.slice(1), '']) expect(() => joinIds([id, short])).toThrow('BUG')
  for (const at of [0, 1])
    expect(toIdText(table.longs[at * 2 + 1] ?? 0n, table.longs[at * 2] ?? 0n)).toBe(id)
})
