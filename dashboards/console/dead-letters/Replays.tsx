import { Anchor, Button, Card, Group, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Replay } from '@warren/contracts/http/dead-letters'
import { useEffect } from 'react'
import { Link } from 'react-router'
import { ago } from '../time/ago.ts'
import { lettersKey, replaysQuery, stopReplay } from './dead-letter-queries.ts'

/** How long one that has ended is still of interest. */
const shownMs = 15 * 60_000

const count = (value: number): string => value.toLocaleString('en')

function CameBack({ replay }: { replay: Replay }) {
  if (replay.returned === 0) return null
  const query = new URLSearchParams({ replay: replay.id, tenant: replay.tenant })
  return (
    <Anchor component={Link} to={`/dead-letters?${query}`} size="sm">
      {count(replay.returned)} came back
    </Anchor>
  )
}

function ReplayRow({ replay }: { replay: Replay }) {
  const { id, tenant, state, sent, skipped, total, reason } = replay
  const stop = useMutation({ mutationFn: () => stopReplay(id, tenant) })
  const isRunning = state === 'running'
  const done = total === 0 ? 100 : (100 * (sent + skipped)) / total
  const word = isRunning ? 'Replaying' : state === 'done' ? 'Replayed' : 'Stopped'
  return (
    <Stack gap={4}>
      <Group gap="sm" justify="space-between">
        <Group gap="sm">
          <Text size="sm">
            {word}: {count(sent)} of {count(total)} sent
            {skipped > 0 ? `, ${count(skipped)} skipped` : ''}
          </Text>
          <CameBack replay={replay} />
          <Text size="xs" c="dimmed">
            {replay.requestedBy}, {ago(Date.parse(replay.createdAt))}
          </Text>
        </Group>
        {isRunning && (
          <Button
            size="compact-xs"
            variant="default"
            loading={stop.isPending}
            onClick={() => stop.mutate()}
          >
            Stop
          </Button>
        )}
      </Group>
      {isRunning && <Progress value={done} size="sm" aria-label="Replay" animated />}
      {reason !== null && (
        <Text size="xs" c={isRunning ? 'orange' : 'dimmed'} style={{ overflowWrap: 'anywhere' }}>
          {reason}
        </Text>
      )}
    </Stack>
  )
}

/** Those that run, and those that ended a short while ago. */
export function Replays({ tenant }: { tenant: string | undefined }) {
  const { data } = useQuery(replaysQuery(tenant))
  const client = useQueryClient()
  const sent = data?.items.reduce((sum, replay) => sum + replay.sent, 0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was sent is no longer in the list
  useEffect(() => {
    void client.invalidateQueries({ queryKey: [...lettersKey, 'pages'] })
  }, [sent])
  const shown = (data?.items ?? [])
    .filter(
      ({ state, endedAt }) =>
        state === 'running' || Date.now() - Date.parse(endedAt ?? '') < shownMs,
    )
    .slice(0, 3)
  if (shown.length === 0) return null
  return (
    <Card withBorder radius="md" padding="sm" component="section" aria-label="Replays">
      <Stack gap="sm">
        {shown.map((replay) => (
          <ReplayRow key={replay.id} replay={replay} />
        ))}
      </Stack>
    </Card>
  )
}
