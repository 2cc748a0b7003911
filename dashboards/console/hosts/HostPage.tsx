import { Anchor, Breadcrumbs, Group, SimpleGrid, Title } from '@mantine/core'
import { Link, useParams } from 'react-router'
import { MetricPanel } from '../charts/MetricPanel.tsx'
import { RangePicker } from '../time/RangePicker.tsx'
import { useTimeRange } from '../time/range.ts'
import { hostPanels } from './host-panels.ts'

export function HostPage() {
  const { host = '' } = useParams()
  const { range, setFixed } = useTimeRange('15m')
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
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {hostPanels(host, { range, onZoom: setFixed }).map((panel) => (
          <MetricPanel key={panel.title} {...panel} />
        ))}
      </SimpleGrid>
    </>
  )
}
