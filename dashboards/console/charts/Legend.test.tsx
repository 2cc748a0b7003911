import { expect, it } from 'vitest'
import { markupOf } from '../testing.tsx'
import { moment } from '../time/clock.ts'
import { Legend } from './Legend.tsx'

const lines = { names: ['load1'], times: [1_790_000_000, 1_790_000_010], values: [[1, 2]] }
const legendAt = (index: number | undefined): string =>
  markupOf(
    <Legend
      lines={lines}
      unit="number"
      index={index}
      hidden={new Set()}
      onToggle={() => undefined}
    />,
  )

it('says of which moment its values are', () => {
  expect(legendAt(0)).toContain(moment(1_790_000_000_000))
  expect(legendAt(1)).toContain(moment(1_790_000_010_000))
  expect(legendAt(undefined)).toContain('newest')
})
