import { SegmentedControl } from '@mantine/core'
import { type RangeName, ranges, useRange } from './range.ts'

export function RangePicker({ initial }: { initial?: RangeName }) {
  const [range, setRange] = useRange(initial)
  return (
    <SegmentedControl
      size="xs"
      aria-label="Time range"
      data={Object.keys(ranges)}
      value={range}
      onChange={(name) => setRange(name as RangeName)}
    />
  )
}
