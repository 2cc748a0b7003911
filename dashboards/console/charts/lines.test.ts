import { expect, it } from 'vitest'
import { toLines } from './lines.ts'

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
    times: [1, 2, 3],
    values: [
      [1, null, null],
      [null, 5, null],
    ],
  })
})

it('names several columns of one series', () => {
  const lines = toLines([{ columns: ['time', 'in', 'out'], values: [[0, 1, 2]] }])
  expect(lines.names).toEqual(['in', 'out'])
})
