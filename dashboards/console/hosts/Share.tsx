import { Group, Progress, Text } from '@mantine/core'

/** A percentage at a glance. */
export function Share({ what, value }: { what: string; value: number | undefined }) {
  if (value === undefined)
    return (
      <Text size="sm" c="dimmed">
        –
      </Text>
    )
  const color = value >= 90 ? 'red' : value >= 75 ? 'yellow' : 'blue'
  return (
    <Group gap={6} wrap="nowrap">
      <Progress
        value={value}
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
        {value.toFixed(value < 10 ? 1 : 0)} %
      </Text>
    </Group>
  )
}
