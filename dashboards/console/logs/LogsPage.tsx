import { Box, Button, Grid, Group, Stack, Switch, Text, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { QueryState } from '../states/QueryState.tsx'
import { RangePicker } from '../time/RangePicker.tsx'
import { refreshOf } from '../time/refresh.ts'
import { Facets } from './Facets.tsx'
import { HistogramChart } from './HistogramChart.tsx'
import { type LogAnswer, pageSize, searchLogs } from './log-search.ts'
import { type FieldFilter, withFilter } from './lucene.ts'
import { NoRecords } from './NoRecords.tsx'
import { Records } from './Records.tsx'
import { SearchBox } from './SearchBox.tsx'
import { TailView } from './TailView.tsx'
import { useQuestion } from './use-question.ts'
import { useTail } from './use-tail.ts'

type Question = ReturnType<typeof useQuestion>
type OnFilter = (filter: FieldFilter) => void

function Found({ answer, onFilter }: { answer: LogAnswer; onFilter: OnFilter }) {
  return (
    <>
      <Text size="sm" c="dimmed" mb={4} data-testid="total">
        {answer.total.toLocaleString('en')}
        {answer.more ? ' or more' : ''} {answer.total === 1 ? 'record' : 'records'}
        {answer.total > pageSize ? `, the newest ${pageSize} below` : ''}
      </Text>
      <Records hits={answer.hits} onFilter={onFilter} />
    </>
  )
}

function SearchView({ question, onFilter }: { question: Question; onFilter: OnFilter }) {
  // On a narrow screen they would push the records out of sight.
  const [facetsOpen, setFacetsOpen] = useState(false)
  const query = useQuery({
    queryKey: ['logs', question.text, question.range],
    queryFn: ({ signal }) => searchLogs(question.now(), signal),
    refetchInterval: refreshOf(question.range),
    placeholderData: keepPreviousData,
  })
  return (
    <QueryState
      query={query}
      what="Logs"
      isEmpty={({ hits }) => hits.length === 0}
      empty={<NoRecords text={question.text} />}
    >
      {(answer) => (
        <>
          <HistogramChart answer={answer} onZoom={question.setFixed} />
          <Grid mt="sm">
            <Grid.Col span={{ base: 12, md: 2 }}>
              <Button
                hiddenFrom="md"
                size="compact-sm"
                variant="default"
                aria-expanded={facetsOpen}
                onClick={() => setFacetsOpen(!facetsOpen)}
                mb={facetsOpen ? 'sm' : 0}
              >
                {facetsOpen ? 'Hide fields' : 'Fields'}
              </Button>
              <Box {...(facetsOpen ? {} : { visibleFrom: 'md' as const })}>
                <Facets facets={answer.facets} onFilter={onFilter} />
              </Box>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 10 }}>
              <Found answer={answer} onFilter={onFilter} />
            </Grid.Col>
          </Grid>
        </>
      )}
    </QueryState>
  )
}

export function LogsPage() {
  const question = useQuestion()
  const [live, setLive] = useState(false)
  const tail = useTail(live, question.text)
  const filter: OnFilter = (add) => question.setText(withFilter(question.text, add))
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2}>Logs</Title>
        <Group>
          {!live && <RangePicker initial="1h" />}
          <Switch
            label="Live tail"
            checked={live}
            onChange={(event) => setLive(event.currentTarget.checked)}
          />
        </Group>
      </Group>
      <SearchBox text={question.text} onSearch={question.setText} />
      <div>
        {live ? (
          <TailView tail={tail} onFilter={filter} />
        ) : (
          <SearchView question={question} onFilter={filter} />
        )}
      </div>
    </Stack>
  )
}
