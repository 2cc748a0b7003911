import { Anchor, Breadcrumbs, Button, Group, Select, Stack, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { deadLetterCodes } from '@warren/contracts/dead-letter'
import { Link, useSearchParams } from 'react-router'
import { Empty, QueryState } from '../states/QueryState.tsx'
import { deadLetterPages, deadLetterTotalQuery } from './dead-letter-queries.ts'
import { LetterCard } from './LetterCard.tsx'

/** A part of the page's address that filters the list. */
function useChoice(name: string) {
  const [params, setParams] = useSearchParams()
  const set = (value: string | null) =>
    setParams((current) => {
      const changed = new URLSearchParams(current)
      if (value === null) changed.delete(name)
      else changed.set(name, value)
      return changed
    })
  return [params.get(name) ?? undefined, set] as const
}

function Total() {
  const { data: total } = useQuery(deadLetterTotalQuery)
  return total === undefined ? null : (
    <Text size="sm" c="dimmed">
      {total.toLocaleString('en')} in all
    </Text>
  )
}

export function DeadLettersPage() {
  const [stream, setStream] = useChoice('stream')
  const [code, setCode] = useChoice('code')
  const query = useInfiniteQuery(deadLetterPages({ stream, code }))
  return (
    <Stack gap="sm">
      <Breadcrumbs>
        <Anchor component={Link} to="/status">
          Status
        </Anchor>
        <Title order={2} size="h4">
          Dead letters
        </Title>
      </Breadcrumbs>
      <Text size="sm">Items that could not be stored, with the reason, newest first.</Text>
      <Group align="flex-end">
        <Select
          label="Stream"
          placeholder="every"
          data={['metrics', 'logs']}
          value={stream ?? null}
          onChange={setStream}
          clearable
          w={140}
        />
        <Select
          label="Code"
          placeholder="every"
          data={[...deadLetterCodes]}
          value={code ?? null}
          onChange={setCode}
          clearable
          w={210}
        />
        <Total />
      </Group>
      <QueryState
        query={query}
        what="Dead letters"
        isEmpty={({ pages }) => pages[0]?.items.length === 0}
        empty={
          <Empty title={stream || code ? 'No dead letter is of this kind' : 'No dead letters'}>
            Everything that was received has been stored.
          </Empty>
        }
      >
        {({ pages }) =>
          pages
            .flatMap(({ items }) => items)
            .map((letter) => <LetterCard key={letter.id} letter={letter} />)
        }
      </QueryState>
      {query.hasNextPage && (
        <Button
          variant="light"
          onClick={() => void query.fetchNextPage()}
          loading={query.isFetchingNextPage}
          w="fit-content"
        >
          Older ones
        </Button>
      )}
    </Stack>
  )
}
