import { Anchor, Breadcrumbs, Stack, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { OlderOnes } from '../states/OlderOnes.tsx'
import { Empty, QueryState } from '../states/QueryState.tsx'
import { deadLetterPages } from './dead-letter-queries.ts'
import { LetterCard } from './LetterCard.tsx'
import { LetterFilters } from './LetterFilters.tsx'
import { LettersBar } from './LettersBar.tsx'
import { Replays } from './Replays.tsx'
import { useLetterFilter } from './use-letter-filter.ts'
import { useMayChange } from './use-may-change.ts'

function Heading() {
  return (
    <>
      <Breadcrumbs>
        <Anchor component={Link} to="/status">
          Status
        </Anchor>
        <Title order={2}>Dead letters</Title>
      </Breadcrumbs>
      <Text size="sm">
        Items that could not be stored, with the reason, newest first. They can be edited and sent
        again.
      </Text>
    </>
  )
}

export function DeadLettersPage() {
  const [filter, setFilter] = useLetterFilter()
  const { mayChange } = useMayChange()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const query = useInfiniteQuery(deadLetterPages(filter))
  const isFiltered = Object.values(filter).some((value) => value !== undefined)
  const choose = (id: string) =>
    setChosen((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  const letters = query.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Stack gap="sm">
      <Heading />
      <LetterFilters filter={filter} onChange={setFilter} />
      <Replays tenant={filter.tenant} />
      <LettersBar
        filter={filter}
        counts={query.data?.pages[0]}
        chosen={letters.map(({ id }) => id).filter((id) => chosen.has(id))}
        onDone={() => setChosen(new Set())}
      />
      <QueryState
        query={query}
        what="Dead letters"
        isEmpty={({ pages }) => pages[0]?.items.length === 0}
        empty={
          isFiltered ? (
            <Empty title="No dead letter is of this kind">Another filter may find some.</Empty>
          ) : (
            <Empty title="No dead letters">Everything that was received has been stored.</Empty>
          )
        }
      >
        {() =>
          letters.map((letter) => (
            <LetterCard
              key={`${letter.tenant} ${letter.id}`}
              letter={letter}
              isChosen={chosen.has(letter.id)}
              onChoose={mayChange ? () => choose(letter.id) : undefined}
            />
          ))
        }
      </QueryState>
      <OlderOnes query={query} />
    </Stack>
  )
}
