import { SimpleGrid, Title } from '@mantine/core'
import { GrafanaCard } from './GrafanaCard.tsx'
import { ListenersCard } from './ListenersCard.tsx'
import { SenderCard } from './SenderCard.tsx'
import { agentSnippet, shippersSnippet, telegrafSnippet } from './snippets.ts'

export function AddDataPage() {
  return (
    <>
      <Title order={2} mb="md">
        Add data
      </Title>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <SenderCard
          title="Telegraf"
          description="An existing Telegraf sends its metrics to the collector over HTTP."
          kind="http"
          initialName="telegraf-1"
          steps="On the other host, save it as telegraf.conf and run: telegraf --config telegraf.conf"
          snippet={telegrafSnippet}
          causes={[
            'The other host cannot reach this address: Warren listens on loopback unless WARREN_HTTP_HOST says otherwise.',
            'Telegraf has not been restarted with this configuration: see its log for “401” or “connection refused”.',
            'Its clock is more than a day ahead: such points are parked, see Dead letters in Status.',
          ]}
        />
        <SenderCard
          title="A second Warren agent"
          description="Metrics and tailed log files of another host, over AMQP with a user of its own."
          kind="amqp"
          initialName="agent-2"
          steps="On the other host, in a clone of Warren, run:"
          snippet={agentSnippet}
          causes={[
            'The broker listens on loopback unless WARREN_AMQP_HOST says otherwise, and beyond loopback only with TLS.',
            'A firewall is between the host and the broker’s port.',
            'The agent’s log names the reason: a wrong credential, a refused key, or a broker that is away.',
          ]}
        />
        <SenderCard
          title="Log shippers"
          description="What sends logs to Elasticsearch or Loki, as Filebeat, Logstash, Fluent Bit, Vector, rsyslog, Promtail and Alloy do, sends them to the collector."
          kind="http"
          initialName="shipper-1"
          steps="Use the part for your shipper; its lines appear in Logs. For others see docs/senders.md."
          snippet={shippersSnippet}
        />
        <ListenersCard />
        <GrafanaCard />
      </SimpleGrid>
    </>
  )
}
