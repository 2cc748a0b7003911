import { expect, it } from 'vitest'
import { type Extent, Extents } from './extents.ts'
import { endOf } from './stretch.ts'

const extent = (startMs: number, count: number): Extent => ({
  ...{ tenant: 'a', measurement: 'm', askedMs: 0 },
  stretch: { startMs, stepMs: 10, count, series: new Map() },
})
const create = () => new Extents({ maxBytes: 1e6, maxBytesPerTenant: 1e6, maxAgeMs: 1000 })
const rest = (extents: Extents) => {
  const stretch = extents.get('key', 1)?.stretch
  return stretch && [stretch.startMs, endOf(stretch)]
}
const late = (oldestMs: number, newestMs = oldestMs, more = {}) => ({
  ...{ tenant: 'a', measurement: 'm', oldestMs, newestMs },
  ...more,
})

it.each([
  [late(99), [100, 200]],
  [late(200), [100, 200]],
  [late(100), [110, 200]],
  [late(109), [110, 200]],
  [late(199), [100, 190]],
  [late(160, 165), [100, 160]],
  [late(125, 135), [140, 200]],
  [late(50, 155), [160, 200]],
  [late(-8.64e15, 8.64e15), undefined],
  [late(150, 150, { measurement: undefined }), [100, 150]],
  [late(150, 150, { measurement: 'other' }), [100, 200]],
  [late(150, 150, { tenant: 'b' }), [100, 200]],
])('keeps the longer rest when %j comes late: %j', (lateness, left) => {
  const extents = create()
  extents.keep('key', extent(100, 10), extents.mark())
  extents.cut(lateness)
  expect(rest(extents)).toEqual(left)
})

it('cuts what was asked for before a point came late, and forgets it when the channel was lost meanwhile', () => {
  const extents = create()
  const mark = extents.mark()
  extents.cut(late(150))
  extents.keep('key', extent(100, 10), mark)
  expect(rest(extents)).toEqual([100, 150])
  extents.keep('key', extent(100, 10), extents.mark())
  expect(rest(extents)).toEqual([100, 200])
  const before = extents.mark()
  extents.clear()
  extents.keep('key', extent(100, 10), before)
  expect(rest(extents)).toBeUndefined()
})

it('asks again for what is old, and keeps nothing after too much news', () => {
  const extents = create()
  extents.keep('key', extent(100, 10), extents.mark())
  expect(extents.get('key', 1000)).toBeUndefined()
  const mark = extents.mark()
  for (let news = 0; news < 1001; news += 1) extents.cut(late(0))
  extents.keep('key', extent(100, 10), mark)
  expect(rest(extents)).toBeUndefined()
})
