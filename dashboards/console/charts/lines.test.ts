import { expect, it } from 'vitest'
import { toLines, toStack, valueAt } from './lines.ts'

it('puts series with different times on one axis', () => {
  const lines = toLines([
    {
      tags: { cpu: 'cpu0' },
      columns: ['time', 'mean'],
      values: [
        [1000, 1],
        [3000, null],
      ],
    },
    { tags: { cpu: 'cpu1' }, columns: ['time', 'mean'], values: [[2000, 5]] },
  ])
  expect(lines).toEqual({
    names: ['cpu0', 'cpu1'],
    times: [1, 2],
    values: [
      [1, undefined],
      [undefined, 5],
    ],
  })
})

it('names several columns of one series', () => {
  const lines = toLines([{ columns: ['time', 'in', 'out'], values: [[0, 1, 2]] }])
  expect(lines.names).toEqual(['in', 'out'])
})

it('breaks a line where its sender was silent, whatever its interval', () => {
  const everyMinute = [0, 60, 120, 180, 600, 660].map((s) => [s * 1000, 1])
  const lines = toLines([{ columns: ['time', 'x'], values: everyMinute }])
  expect(lines.times).toEqual([0, 60, 120, 180, 240, 600, 660])
  expect(lines.values).toEqual([[1, 1, 1, 1, null, 1, 1]])
})

it('tells the value at a time, else the newest', () => {
  const lines = { names: ['x'], times: [1, 2, 3], values: [[7, 8, undefined]] }
  expect(valueAt(lines, 0, 0)).toBe(7)
  expect(valueAt(lines, 0, 2)).toBeNull()
  expect(valueAt(lines, 0, undefined)).toBe(8)
})

it('stacks lines', () => {
  expect(
    toStack([
      [1, 2, undefined],
      [null, 3, 4],
    ]),
  ).toEqual([
    [1, 2, undefined],
    [null, 5, 4],
  ])
})
