import { Group, ScrollArea, Text, UnstyledButton } from '@mantine/core'
import { moment } from '../time/clock.ts'
import { colorOf } from './colors.ts'
import { format, type Unit } from './format.ts'
import { type Lines, valueAt } from './lines.ts'

interface LegendProps {
  readonly lines: Lines
  readonly unit: Unit
  /** Index into the times; undefined shows the newest values. */
  readonly index: number | undefined
  readonly hidden: ReadonlySet<string>
  readonly onToggle: (name: string) => void
}

/** Of which moment the values are. It is as wide for either, so that names stay where they are. */
const Moment = ({ seconds }: { seconds: number | undefined }) => (
  <Text size="xs" c="dimmed" miw={124} style={{ whiteSpace: 'nowrap' }} data-moment>
    {seconds === undefined ? 'newest' : moment(seconds * 1000)}
  </Text>
)

/** Names the lines with their value at the cursor, and its time, else the newest; a click hides a line or shows it again. */
export function Legend({ lines, unit, index, hidden, onToggle }: LegendProps) {
  return (
    <ScrollArea.Autosize mah={66} type="auto" mt={6}>
      <Group style={{ columnGap: 16, rowGap: 2 }}>
        <Moment seconds={index === undefined ? undefined : lines.times[index]} />
        {lines.names.map((name, line) => {
          const value = valueAt(lines, line, index)
          return (
            <UnstyledButton
              key={name}
              onClick={() => onToggle(name)}
              aria-pressed={!hidden.has(name)}
              title={hidden.has(name) ? `Show ${name}` : `Hide ${name}`}
              opacity={hidden.has(name) ? 0.4 : 1}
              maw="100%"
            >
              <Group gap={5} wrap="nowrap">
                <span
                  style={{ width: 10, height: 3, flexShrink: 0, background: colorOf(line) }}
                  aria-hidden
                />
                <Text size="xs" truncate>
                  {name}
                </Text>
                <Text size="xs" fw={600} style={{ whiteSpace: 'nowrap' }} data-value>
                  {value === null ? '–' : format(value, unit)}
                </Text>
              </Group>
            </UnstyledButton>
          )
        })}
      </Group>
    </ScrollArea.Autosize>
  )
}
