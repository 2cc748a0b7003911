import { Alert, Badge, Button, Grid, Group, Switch, Text, TextInput, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Empty, QueryState } from '../states/QueryState.tsx'
import { RangePicker } from '../time/RangePicker.tsx'
import { Facets } from './Facets.tsx'
import { HistogramChart } from './HistogramChart.tsx'
import { type LogAnswer, pageSize, searchLogs } from './log-search.ts'
import { withFilter } from './lucene.ts'
import { Records } from './Records.tsx'
import { useQuestion } from './use-question.ts'
import { type Tail, useTail } from './use-tail.ts'

function SearchBox({ text, onSearch }: { text: string; onSearch: (text: string) => void }) {
  const [draft, setDraft] = useState(text)
  useEffect(() => setDraft(text), [text])
  return (
    <form
      style={{ flexGrow: 1 }}
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(draft)
      }}
    >
      <TextInput
        aria-label="Search"
        placeholder='words, "a phrase", log.level:error, host.name:web* AND NOT timeout'
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        rightSectionWidth={76}
        rightSection={
          <Button size="compact-sm" type="submit" variant="light">
            Search
          </Button>
        }
      />
    </form>
  )
}

function TailView({ tail }: { tail: Tail }) {
  if (tail.state === 'lost')
    return (
      <Alert color="yellow" role="alert">
        The connection was lost; it is being made again, and what came in between will follow.
      </Alert>
    )
  if (tail.hits.length === 0)
    return (
      <Empty title="Waiting for records">
        New records that match appear here as they are stored.
      </Empty>
    )
  return <Records hits={tail.hits} />
}

function Found({ answer }: { answer: LogAnswer }) {
  return (
    <>
      <Text size="sm" c="dimmed" mb={4} data-testid="total">
        {answer.total.toLocaleString('en')}
        {answer.more ? ' or more' : ''} records
        {answer.total > pageSize ? `, the newest ${pageSize} below` : ''}
      </Text>
      <Records hits={answer.hits} />
    </>
  )
}

export function LogsPage() {
  const question = useQuestion()
  const [live, setLive] = useState(false)
  const tail = useTail(live, question.text)
  const query = useQuery({
    queryKey: ['logs', question.text, question.range, question.fixed],
    queryFn: ({ signal }) => searchLogs(question.now(), signal),
    refetchInterval: question.fixed === undefined ? 5000 : false,
    placeholderData: keepPreviousData,
  })
  const filter = (add: { field: string; value: string; not: boolean }) =>
    question.set({ text: withFilter(question.text, add) })
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Title order={2}>Logs</Title>
        <Group>
          {question.fixed !== undefined && (
            <Badge component="button" variant="light" onClick={() => question.set({ fixed: null })}>
              zoomed · back
            </Badge>
          )}
          <RangePicker initial="1h" />
          <Switch
            label="Live tail"
            checked={live}
            onChange={(event) => setLive(event.currentTarget.checked)}
          />
        </Group>
      </Group>
      <Group mb="sm">
        <SearchBox text={question.text} onSearch={(text) => question.set({ text })} />
      </Group>
      {live ? (
        <TailView tail={tail} />
      ) : (
        <QueryState
          query={query}
          what="Logs"
          isEmpty={({ hits }) => hits.length === 0}
          empty={
            <Empty title="No records match in this range">
              Choose a longer range, or fewer words. A host sends the files that its agent is told
              to tail.
            </Empty>
          }
        >
          {(answer) => (
            <>
              <HistogramChart
                answer={answer}
                onZoom={(from, to) => question.set({ fixed: { from, to } })}
              />
              <Grid mt="sm">
                <Grid.Col span={{ base: 12, md: 2 }}>
                  <Facets facets={answer.facets} onFilter={filter} />
                </Grid.Col>
                <Grid.Col span={{ base: 12, md: 10 }}>
                  <Found answer={answer} />
                </Grid.Col>
              </Grid>
            </>
          )}
        </QueryState>
      )}
    </>
  )
}
