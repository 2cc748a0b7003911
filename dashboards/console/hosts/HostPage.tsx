import { Anchor, Breadcrumbs, Group, SimpleGrid, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { MetricPanel } from '../charts/MetricPanel.tsx'
import { Empty } from '../states/QueryState.tsx'
import { RangePicker } from '../time/RangePicker.tsx'
import { useTimeRange } from '../time/range.ts'
import { hostPanels } from './host-panels.ts'
import { hostKnownQuery } from './host-queries.ts'

function NoSuchHost({ host }: { host: string }) {
  return (
    <Empty title="No host of this name has sent metrics">
      None of “{host}” are kept: its name may be spelt another way, or its agent has not sent yet.{' '}
      <Anchor component={Link} to="/hosts" inherit>
        See all hosts
      </Anchor>
    </Empty>
  )
}

export function HostPage() {
  const { host = '' } = useParams()
  const { range, setFixed } = useTimeRange('15m')
  const { data: isKnown } = useQuery(hostKnownQuery(host))
  const logs = `/logs?q=${encodeURIComponent(`host.name:"${host}"`)}&range=${range.name}`
  return (
    <>
      <Group justify="space-between" mb="md">
        <Breadcrumbs>
          <Anchor component={Link} to="/hosts">
            Hosts
          </Anchor>
          <Title order={2} size="h4">
            {host}
          </Title>
        </Breadcrumbs>
        <Group>
          <Anchor component={Link} to={logs} size="sm">
            Logs of this host
          </Anchor>
          <RangePicker initial="15m" />
        </Group>
      </Group>
      {isKnown === false ? (
        <NoSuchHost host={host} />
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          {hostPanels(host, { range, onZoom: setFixed }).map((panel) => (
            <MetricPanel key={panel.title} {...panel} />
          ))}
        </SimpleGrid>
      )}
    </>
  )
}
