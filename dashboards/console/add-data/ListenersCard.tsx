import { Card, Stack, Text, Title } from '@mantine/core'
import { Snippet } from './Snippet.tsx'
import { listenersSnippet } from './snippets.ts'

/** How the collector is told to listen for senders without a credential, for which there is nothing to make here. */
export function ListenersCard() {
  return (
    <Card withBorder radius="md" component="section" aria-label="StatsD, Graphite, syslog, GELF">
      <Stack gap="sm">
        <Title order={3} size="h4">
          StatsD, Graphite, syslog, GELF
        </Title>
        <Text size="sm" c="dimmed">
          Programs that carry no credential send to a port of their tenant. None is open unless the
          configuration says so: start Warren with those that you need.
        </Text>
        <Snippet label="Listeners: configuration" text={listenersSnippet} />
        <Text size="sm" c="dimmed">
          They listen on loopback, at 8125, 2003, 5514 and 12201. For other hosts add host and
          allow, the networks that may send. Status shows each of them, and what it had to leave
          out; docs/senders.md has the rest.
        </Text>
      </Stack>
    </Card>
  )
}
