import { Button, Group, SegmentedControl } from '@mantine/core'
import { clockTime, dayOf, moment } from './clock.ts'
import { type RangeName, ranges, type Span, useTimeRange } from './range.ts'

const ofSpan = ({ fromMs, toMs }: Span): string =>
  dayOf(fromMs) === dayOf(toMs)
    ? `${moment(fromMs)} – ${clockTime(toMs)}`
    : `${moment(fromMs)} – ${moment(toMs)}`

/** Chooses how far a page looks back; while it is zoomed, shows where and leads back. */
export function RangePicker({ initial }: { initial: RangeName }) {
  const { range, setName } = useTimeRange(initial)
  const { fixed, name } = range
  return (
    <Group gap="xs">
      {fixed !== undefined && (
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => setName(name)}
          aria-label={`Zoomed to ${ofSpan(fixed)}: back to the last ${name}`}
          title={`Back to the last ${name}`}
          rightSection="✕"
        >
          {ofSpan(fixed)}
        </Button>
      )}
      <SegmentedControl
        size="xs"
        aria-label="Time range"
        data={Object.keys(ranges)}
        value={fixed === undefined ? name : ''}
        onChange={(next) => setName(next as RangeName)}
      />
    </Group>
  )
}
