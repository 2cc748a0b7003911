import { Anchor, Stack, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { OlderOnes } from '../states/OlderOnes.tsx'
import { Empty, QueryState } from '../states/QueryState.tsx'
import { BrokerSenders } from './BrokerSenders.tsx'
import { TokenCard } from './TokenCard.tsx'
import { tokenPages } from './token-queries.ts'

const MakeOne = () => (
  <Anchor component={Link} to="/add-data" inherit>
    Add data
  </Anchor>
)

/** Every token of the tenant, until it is revoked. */
export function TokensPage() {
  const query = useInfiniteQuery(tokenPages)
  return (
    <Stack gap="sm">
      <Title order={2}>Tokens</Title>
      <Text size="sm">
        What programs sign in with, newest first. <MakeOne /> makes those of senders and of Grafana;
        agents have users of the broker instead, which are below.
      </Text>
      <QueryState
        query={query}
        what="Tokens"
        isEmpty={({ pages }) => pages[0]?.items.length === 0}
        empty={
          <Empty title="No tokens">
            <MakeOne /> makes some.
          </Empty>
        }
      >
        {({ pages }) =>
          pages
            .flatMap(({ items }) => items)
            .map((token) => <TokenCard key={token.id} token={token} />)
        }
      </QueryState>
      <OlderOnes query={query} />
      <BrokerSenders />
    </Stack>
  )
}
