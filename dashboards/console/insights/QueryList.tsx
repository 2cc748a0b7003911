import { Badge, Code, Group, Paper, Stack, Text } from '@mantine/core'
import type { KeptQuery } from '@warren/contracts/http/query-insights'
import { format } from '../charts/format.ts'
import { ago } from '../time/ago.ts'
import { momentOf } from '../time/clock.ts'
import { Meanings } from './Meanings.tsx'

const colors: Partial<Readonly<Record<KeptQuery['state'], string>>> = {
  refused: 'yellow',
  error: 'red',
}

const stateMeanings: Readonly<Record<KeptQuery['state'], string>> = {
  hit: 'the cache had the answer',
  partial: 'the cache had a part, a store the rest',
  miss: 'a store had it all to answer',
  bypass: 'the cache was not asked',
  refused: 'no store was asked',
  error: 'a store was asked in vain',
}

/** Of the states that some queries have. */
const meaningsOf = (queries: readonly KeptQuery[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(stateMeanings).filter(([name]) => queries.some(({ state }) => state === name)),
  )

const placeOf = ({ dashboard, panel, user, credential }: KeptQuery): string =>
  [dashboard, panel === null ? null : `panel ${panel}`, user, credential]
    .filter((part) => part !== null)
    .join(' · ')

function Query({ query, isAll }: { query: KeptQuery; isAll: boolean }) {
  const {
    at,
    state,
    protocol,
    tookMs,
    waitedMs,
    text,
    reason,
    requestId,
    tenant,
    resolution,
    clampedFrom,
  } = query
  return (
    <Paper withBorder p="xs" component="article" aria-label={`Request ${requestId}`}>
      <Stack gap={4}>
        <Group gap="xs">
          <Badge variant="light" color={colors[state] ?? 'gray'}>
            {state}
          </Badge>
          <Text size="sm" fw={600}>
            {format(tookMs, 'milliseconds')}
            {waitedMs >= 1 && `, ${format(waitedMs, 'milliseconds')} of it waiting`}
          </Text>
          <Text size="sm">
            {protocol}
            {resolution !== null && `, from ${resolution}`}
          </Text>
          {clampedFrom !== null && (
            <Badge variant="light" color="yellow">
              cut to begin {momentOf(clampedFrom)}
            </Badge>
          )}
          {isAll && <Text size="sm">tenant {tenant}</Text>}
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {placeOf(query)}
          </Text>
          <Text size="sm" c="dimmed" title={momentOf(at)}>
            {ago(Date.parse(at))}
          </Text>
        </Group>
        {reason !== null && <Text size="sm">{reason}</Text>}
        {text !== '' && (
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {text}
          </Code>
        )}
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          request {requestId}
        </Text>
      </Stack>
    </Paper>
  )
}

interface QueryListProps {
  readonly queries: readonly KeptQuery[]
  readonly isAll: boolean
}

export const QueryList = ({ queries, isAll }: QueryListProps) => (
  <Stack gap="xs">
    <Meanings of={meaningsOf(queries)} />
    {queries.map((query) => (
      <Query key={JSON.stringify(query)} query={query} isAll={isAll} />
    ))}
  </Stack>
)
