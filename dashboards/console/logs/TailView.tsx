import { Alert, Text } from '@mantine/core'
import { Empty } from '../states/QueryState.tsx'
import { Records, type RecordsProps } from './Records.tsx'
import type { Tail } from './use-tail.ts'

function TailState({ tail }: { tail: Tail }) {
  if (tail.state === 'refused')
    return (
      <Alert color="red" role="alert" title="Live tail is refused" mb="xs">
        {tail.reason}
      </Alert>
    )
  if (tail.state === 'lost')
    return (
      <Alert color="yellow" role="alert" title="The connection was lost" mb="xs">
        {tail.reason} It is being made again, and what came in between will follow.
      </Alert>
    )
  if (tail.reason !== null)
    return (
      <Alert color="yellow" role="alert" title="The log store cannot be asked" mb="xs">
        {tail.reason} The tail goes on by itself.
      </Alert>
    )
  return null
}

interface TailViewProps extends Pick<RecordsProps, 'onFilter'> {
  readonly tail: Tail
}

/** Records as they come, and what the connection does. */
export function TailView({ tail, onFilter }: TailViewProps) {
  return (
    <>
      <TailState tail={tail} />
      {tail.skipped && (
        <Text size="xs" c="yellow" role="status">
          More records came than are shown: narrow the search to see all of them.
        </Text>
      )}
      {tail.hits.length > 0 && <Records hits={tail.hits} onFilter={onFilter} />}
      {tail.hits.length === 0 && tail.state === 'connecting' && <Empty title="Connecting …" />}
      {tail.hits.length === 0 && tail.state === 'live' && (
        <Empty title="Waiting for records">
          New records that match appear here as they are stored.
        </Empty>
      )}
    </>
  )
}
