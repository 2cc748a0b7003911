import { Anchor, Badge, Group, Progress, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { Empty, QueryState } from '../states/QueryState.tsx'
import { ago } from '../time/ago.ts'
import { type HostSummary, loadHosts } from './host-queries.ts'

/** A host is silent when it has missed this many seconds: three intervals and a little. */
const silentSeconds = 45

function Share({ value }: { value: number | null }) {
  if (value === null) return <Text c="dimmed">–</Text>
  const color = value >= 90 ? 'red' : value >= 75 ? 'yellow' : 'blue'
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress value={value} color={color} w={90} aria-label={`${value.toFixed(0)} percent`} />
      <Text size="sm" w={48} ta="right">
        {value.toFixed(value < 10 ? 1 : 0)} %
      </Text>
    </Group>
  )
}

function HostRow({ summary }: { summary: HostSummary }) {
  const silent = Date.now() - summary.lastSeen > silentSeconds * 1000
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/hosts/${encodeURIComponent(summary.host)}`} fw={600}>
          {summary.host}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Badge color={silent ? 'red' : 'green'} variant="light">
          {silent ? 'silent' : 'up'}
        </Badge>
      </Table.Td>
      <Table.Td title={new Date(summary.lastSeen).toISOString()}>{ago(summary.lastSeen)}</Table.Td>
      <Table.Td>
        <Share value={summary.cpu} />
      </Table.Td>
      <Table.Td>
        <Share value={summary.memory} />
      </Table.Td>
      <Table.Td>
        <Share value={summary.disk} />
      </Table.Td>
    </Table.Tr>
  )
}

export function HostsPage() {
  const query = useQuery({
    queryKey: ['hosts'],
    queryFn: ({ signal }) => loadHosts(signal),
    refetchInterval: 5000,
  })
  return (
    <>
      <Title order={2} mb="md">
        Hosts
      </Title>
      <QueryState
        query={query}
        what="Hosts"
        isEmpty={(hosts) => hosts.length === 0}
        empty={
          <Empty title="No host has been heard of in the last 24 hours">
            The first readings take up to ten seconds.{' '}
            <Anchor component={Link} to="/add-data">
              Add data
            </Anchor>{' '}
            shows how a host sends.
          </Empty>
        }
      >
        {(hosts) => (
          <Table.ScrollContainer minWidth={760}>
            <Table highlightOnHover verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  {['Host', 'State', 'Last seen', 'CPU', 'Memory', 'Fullest disk'].map((name) => (
                    <Table.Th key={name}>{name}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {hosts.map((summary) => (
                  <HostRow key={summary.host} summary={summary} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </QueryState>
    </>
  )
}
