import type { Hit } from '@warren/searchdsl/answer'
import { expect, it } from 'vitest'
import { parseEventId, TailWindow } from './tail-window.ts'

const hit = (id: string, timeMs: number): Hit => ({
  _index: 's',
  _id: id,
  _score: null,
  _source: { '@timestamp': new Date(timeMs).toISOString() },
})
const take = (window: TailWindow, nowMs: number, hits: readonly Hit[]): string[] =>
  window.take(hits, window.span(nowMs)).map(({ id }) => id)

it('starts with what comes after it, and sends each record once, oldest first', () => {
  const window = new TailWindow(undefined)
  const now = 1_000_000
  expect(take(window, now, [hit('a', now)])).toEqual([])
  expect(
    take(window, now + 1000, [hit('c', now + 900), hit('b', now + 500), hit('a', now)]),
  ).toEqual(['b', 'c'])
  expect(take(window, now + 2000, [hit('c', now + 900), hit('b', now + 500)])).toEqual([])
})

it('shows a record that is stored after newer ones', () => {
  const window = new TailWindow(undefined)
  take(window, 1_000_000, [])
  expect(take(window, 1_001_000, [hit('new', 1_001_000)])).toEqual(['new'])
  expect(take(window, 1_002_000, [hit('new', 1_001_000), hit('late', 980_000)])).toEqual(['late'])
})

it('resumes after the last event, at most ten minutes back', () => {
  const start = parseEventId('950000-b')
  const window = new TailWindow(start)
  expect(window.span(1_000_000)).toEqual({ fromMs: 950_000, toMs: 1_060_000 })
  const hits = [hit('d', 960_000), hit('c', 950_000), hit('b', 950_000), hit('a', 949_000)]
  expect(take(window, 1_000_000, hits)).toEqual(['c', 'd'])
  expect(new TailWindow(start).span(10_000_000).fromMs).toBe(9_400_000)
})

it('reads event ids', () => {
  expect(parseEventId('12-a-b')).toEqual({ timeMs: 12, id: 'a-b' })
  for (const text of [undefined, '', 'x', '12', '-a', '99999999999999999-a'])
    expect(parseEventId(text)).toBeUndefined()
})
