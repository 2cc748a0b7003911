import { Button, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { KeptQuery } from '@warren/contracts/http/query-insights'
import { Empty, QueryState } from '../states/QueryState.tsx'
import { momentOf } from '../time/clock.ts'
import { InsightFilters } from './InsightFilters.tsx'
import { columnMeanings, InsightsTable } from './InsightsTable.tsx'
import { type InsightsWish, insightsQuery, requestQuery } from './insight-queries.ts'
import { Meanings } from './Meanings.tsx'
import { QueryList } from './QueryList.tsx'
import { StoreTurns } from './StoreTurns.tsx'
import { useInsightsWish } from './use-insights-wish.ts'

/** As many as a look takes in. */
const shown = 10

interface ListProps {
  readonly title: string
  readonly queries: readonly KeptQuery[]
  readonly isAll: boolean
}

function Titled({ title, queries, isAll }: ListProps) {
  if (queries.length === 0) return null
  return (
    <>
      <Title order={3} size="h5">
        {title}
      </Title>
      <QueryList queries={queries.slice(0, shown)} isAll={isAll} />
    </>
  )
}

/** Those that took their time: what was refused is named on its own. */
const answered = (queries: readonly KeptQuery[]): KeptQuery[] =>
  queries.filter(({ state }) => state !== 'refused')

function Overview({ wish }: { wish: InsightsWish }) {
  const query = useQuery(insightsQuery(wish))
  return (
    <QueryState
      query={query}
      what="Queries"
      isEmpty={({ total }) => total.queries === 0}
      empty={
        <Empty title="No queries in this time">
          What Grafana, this console and programs ask through the gateway shows here.
        </Empty>
      }
    >
      {({ items, total, slowest, failed, stores, instance, since }) => (
        <Stack gap="sm">
          <InsightsTable by={wish.by} items={items} total={total} isAll={wish.isAll} />
          <Meanings of={columnMeanings} />
          <Titled title="Refused or failed last" queries={failed} isAll={wish.isAll} />
          <Titled title="Slowest" queries={answered(slowest)} isAll={wish.isAll} />
          <StoreTurns stores={stores} />
          <Text size="xs" c="dimmed">
            Of the queries that instance {instance} has answered since {momentOf(since)}.
          </Text>
        </Stack>
      )}
    </QueryState>
  )
}

interface OneRequestProps {
  readonly id: string
  readonly isAll: boolean
  readonly onLeave: () => void
}

function OneRequest({ id, isAll, onLeave }: OneRequestProps) {
  const query = useQuery(requestQuery(id, isAll))
  return (
    <>
      <QueryState
        query={query}
        what="The request"
        isEmpty={(queries) => queries.length === 0}
        empty={
          <Empty title="No query of such a request is kept">
            Kept are the last that were refused, failed or asked a store, and the slowest; each
            instance keeps its own.
          </Empty>
        }
      >
        {(queries) => <QueryList queries={queries} isAll={isAll} />}
      </QueryState>
      <Button variant="light" onClick={onLeave} w="fit-content">
        All queries
      </Button>
    </>
  )
}

export function InsightsPage() {
  const [wish, set] = useInsightsWish()
  return (
    <Stack gap="sm">
      <Title order={2}>Queries</Title>
      <InsightFilters wish={wish} onChange={set} />
      {wish.request === '' ? (
        <Overview wish={wish} />
      ) : (
        <OneRequest id={wish.request} isAll={wish.isAll} onLeave={() => set('request', '')} />
      )}
    </Stack>
  )
}
