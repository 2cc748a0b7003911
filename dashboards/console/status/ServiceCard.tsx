import { Card, Group, Stack, Text, Title } from '@mantine/core'
import { since } from '../time/ago.ts'
import { momentOf } from '../time/clock.ts'
import { StateBadge } from './StateBadge.tsx'
import type { Service } from './status-query.ts'

interface PartRowProps {
  readonly part: Service['parts'][number]
  readonly isOld: boolean
}

function PartRow({ part, isOld }: PartRowProps) {
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start" component="li">
      <StateBadge state={part.state} isOld={isOld} />
      <div style={{ flexGrow: 1, minWidth: 0 }}>
        <Text size="sm">{part.label}</Text>
        {part.reason !== null && (
          <Text
            size="sm"
            {...(part.state === 'green' ? { c: 'dimmed' } : {})}
            style={{ overflowWrap: 'anywhere' }}
          >
            {part.reason}
          </Text>
        )}
      </div>
      <Text
        size="xs"
        c="dimmed"
        title={`since ${momentOf(part.since)}`}
        style={{ whiteSpace: 'nowrap' }}
        pt={2}
      >
        for {since(Date.parse(part.since))}
      </Text>
    </Group>
  )
}

interface ServiceCardProps {
  readonly service: Service
  /** What is known of it was told a while ago. */
  readonly isOld: boolean
}

/** One service with its parts, the worst first. */
export function ServiceCard({ service, isOld }: ServiceCardProps) {
  return (
    <Card
      withBorder
      radius="md"
      padding="md"
      component="section"
      aria-label={service.name}
      {...(isOld || service.state === 'green'
        ? {}
        : { style: { borderColor: `var(--mantine-color-${service.state}-6)` } })}
    >
      <Title order={3} size="h5" mb="xs">
        {service.name}
      </Title>
      <Stack gap={8} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {service.parts.map((part) => (
          <PartRow key={part.part} part={part} isOld={isOld} />
        ))}
      </Stack>
    </Card>
  )
}
