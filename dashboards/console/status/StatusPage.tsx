import { Badge, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Health, statusSchema } from '@warren/contracts/http/status'
import { read } from '../http/client.ts'
import { QueryState } from '../states/QueryState.tsx'
import { ago } from '../time/ago.ts'

const meaning = {
  green: 'works',
  yellow: 'works with a reservation',
  red: 'does not work',
} as const

function PartRow({ part }: { part: Health }) {
  return (
    <Table.Tr>
      <Table.Td>{part.part}</Table.Td>
      <Table.Td>
        <Badge color={part.state} variant="light" title={meaning[part.state]}>
          {part.state}
        </Badge>
      </Table.Td>
      <Table.Td>{part.reason ?? ''}</Table.Td>
      <Table.Td title={part.since}>{ago(Date.parse(part.since))}</Table.Td>
    </Table.Tr>
  )
}

export function StatusPage() {
  const query = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => read(statusSchema, 'api/v1/status', { signal }),
    refetchInterval: 3000,
  })
  return (
    <>
      <Title order={2} mb="md">
        Status
      </Title>
      <QueryState query={query} what="Status" isEmpty={() => false} empty={null}>
        {({ version, parts }) => (
          <>
            <Table verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  {['Part', 'State', 'Reason', 'Since'].map((name) => (
                    <Table.Th key={name}>{name}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {parts.map((part) => (
                  <PartRow key={part.part} part={part} />
                ))}
              </Table.Tbody>
            </Table>
            <Text size="sm" c="dimmed" mt="md">
              Warren {version}
            </Text>
          </>
        )}
      </QueryState>
    </>
  )
}
