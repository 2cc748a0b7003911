import { Group, Progress, Text } from '@mantine/core'

/** A percentage at a glance. */
export function Share({ what, value }: { what: string; value: number | undefined }) {
  if (value === undefined)
    return (
      <Text size="sm" c="dimmed">
        –
      </Text>
    )
  const digits = value < 10 ? 1 : 0
  const color = value >= 90 ? 'red' : value >= 75 ? 'yellow' : 'blue'
  return (
    <Group gap={6} wrap="nowrap">
      <Progress
        // As it is read out, too.
        value={Number(value.toFixed(digits))}
        color={color}
        flex={1}
        miw={24}
        maw={110}
        aria-label={what}
        visibleFrom="xs"
      />
      <Text
        size="sm"
        w={46}
        style={{ whiteSpace: 'nowrap' }}
        {...(value >= 90 ? { c: 'red' } : {})}
      >
        {value.toFixed(digits)} %
      </Text>
    </Group>
  )
}
