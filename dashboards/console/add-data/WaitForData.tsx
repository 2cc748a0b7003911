import { Alert, Button, Group, List, Loader, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

interface WaitForDataProps {
  /** What is waited for, e.g. `a new host`. */
  readonly what: string
  /** Resolves with what has come since the wait began, or null. */
  readonly look: (sinceMs: number, signal: AbortSignal) => Promise<string | null>
  /** The likeliest causes when nothing comes for a minute. */
  readonly causes: readonly string[]
}

function Waiting({ what, look, causes, since }: WaitForDataProps & { since: number }) {
  const query = useQuery({
    queryKey: ['wait', what, since],
    queryFn: ({ signal }) => look(since, signal),
    refetchInterval: ({ state }) => (state.data ? false : 2000),
  })
  if (query.data)
    return (
      <Alert color="green" role="status">
        {query.data}
      </Alert>
    )
  return (
    <>
      <Group gap="xs" role="status">
        <Loader size="xs" />
        <Text size="sm">Waiting for {what} …</Text>
      </Group>
      {query.error && (
        <Alert color="red" role="alert">
          {query.error.message}
        </Alert>
      )}
      {Date.now() - since > 60_000 && (
        <Alert color="yellow" title="Nothing for a minute. The likeliest causes:">
          <List size="sm">
            {causes.map((cause) => (
              <List.Item key={cause}>{cause}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  )
}

/** A button that waits until data has come, and says so. */
export function WaitForData(props: WaitForDataProps) {
  const [since, setSince] = useState<number>()
  return since === undefined ? (
    <Button variant="light" onClick={() => setSince(Date.now())}>
      Wait for {props.what}
    </Button>
  ) : (
    <Waiting {...props} since={since} />
  )
}
