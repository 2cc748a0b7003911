import { Badge, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { BrokerSender } from '@warren/contracts/http/senders'
import { Confirm } from '../states/Confirm.tsx'
import { Empty, QueryState } from '../states/QueryState.tsx'
import { brokerSenders, revokeSender } from './sender-queries.ts'

const kinds = { amqp: 'sender', cloudify: 'Cloudify’s agents' } as const

/** One user of the broker. */
function SenderCard({ sender: { user, kind, tenant } }: { sender: BrokerSender }) {
  return (
    <Card
      withBorder
      radius="md"
      padding="sm"
      component="article"
      aria-label={`Broker user ${user}`}
    >
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {user}
          </Text>
          <Badge variant="light">{kinds[kind]}</Badge>
        </Group>
        <Confirm
          label="Revoke"
          title={`Revoke “${user}”?`}
          text="Its connections are closed, and it is refused from now on. A user cannot be given back: make another one."
          action="Revoke"
          color="red"
          changes={brokerSenders.queryKey}
          run={() => revokeSender(user)}
        />
      </Group>
      <Text size="sm" c="dimmed">
        tenant {tenant}
      </Text>
    </Card>
  )
}

/** Users of the broker that agents and other senders over AMQP have, until they are revoked. */
export function BrokerSenders() {
  const query = useQuery(brokerSenders)
  return (
    <Stack gap="sm" component="section" aria-label="Broker users">
      <Title order={3}>Broker users</Title>
      <Text size="sm">
        What agents and other senders over AMQP connect with; this host’s own agent is not among
        them.
      </Text>
      <QueryState
        query={query}
        what="Broker users"
        isEmpty={(senders) => senders === null || senders.length === 0}
        empty={
          query.data === null ? (
            <Empty title="Not to be seen here">
              The broker is not run by Warren: its operator lists and deletes its users.
            </Empty>
          ) : (
            <Empty title="No broker users">Add data makes one for a second agent.</Empty>
          )
        }
      >
        {(senders) =>
          (senders ?? []).map((sender) => <SenderCard key={sender.user} sender={sender} />)
        }
      </QueryState>
    </Stack>
  )
}
