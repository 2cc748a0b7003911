import { Anchor, Group, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { Empty, QueryState } from '../states/QueryState.tsx'
import { HostsTable } from './HostsTable.tsx'
import { type HostSummary, hostsQuery } from './host-queries.ts'
import { isSilent } from './is-silent.ts'
import { useHostTable } from './use-host-table.ts'

function countOf(hosts: readonly HostSummary[]): string {
  const silent = hosts.filter(isSilent).length
  const all = hosts.length === 1 ? '1 host' : `${hosts.length.toLocaleString('en')} hosts`
  return silent === 0 ? all : `${all}, ${silent.toLocaleString('en')} silent`
}

function Hosts({ hosts }: { hosts: HostSummary[] }) {
  const { table, filter, setFilter } = useHostTable(hosts)
  return (
    <>
      <Group mb="sm" justify="space-between">
        <TextInput
          aria-label="Filter hosts"
          placeholder="Filter by name or state"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          w={{ base: '100%', xs: 280 }}
        />
        <Text size="sm" c="dimmed" role="status">
          {countOf(hosts)}
        </Text>
      </Group>
      {table.getRowModel().rows.length === 0 ? (
        <Empty title={`No host matches “${filter}”`}>
          <Anchor component="button" type="button" onClick={() => setFilter('')}>
            Show all
          </Anchor>
        </Empty>
      ) : (
        <HostsTable table={table} />
      )}
    </>
  )
}

export function HostsPage() {
  const query = useQuery(hostsQuery)
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
        {(hosts) => <Hosts hosts={hosts} />}
      </QueryState>
    </>
  )
}
