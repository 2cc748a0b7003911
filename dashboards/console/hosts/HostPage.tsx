import { Anchor, Breadcrumbs, Group, SimpleGrid, Text } from '@mantine/core'
import { Link, useParams } from 'react-router'
import { MetricPanel } from '../charts/MetricPanel.tsx'
import { RangePicker } from '../time/RangePicker.tsx'
import { useRange } from '../time/range.ts'
import { hostPanels } from './host-panels.ts'

export function HostPage() {
  const { host = '' } = useParams()
  const [range] = useRange()
  const logs = `/logs?q=${encodeURIComponent(`host.name:"${host}"`)}&range=${range}`
  return (
    <>
      <Group justify="space-between" mb="md">
        <Breadcrumbs>
          <Anchor component={Link} to="/hosts">
            Hosts
          </Anchor>
          <Text fw={600}>{host}</Text>
        </Breadcrumbs>
        <Group>
          <Anchor component={Link} to={logs} size="sm">
            Logs of this host
          </Anchor>
          <RangePicker />
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {hostPanels(host, range).map((panel) => (
          <MetricPanel key={panel.title} {...panel} />
        ))}
      </SimpleGrid>
    </>
  )
}
