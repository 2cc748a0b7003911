import { Alert, Button, Group, List, Loader, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Look } from './looks.ts'

interface WaitForDataProps {
  /** What is waited for, e.g. `a new host`. */
  readonly what: string
  readonly look: Look
  /** The likeliest causes when nothing comes for a minute. */
  readonly causes: readonly string[]
}

const patienceMs = 60_000

function Waiting({ what, look, causes, since }: WaitForDataProps & { since: number }) {
  const query = useQuery({
    queryKey: ['wait', useId()],
    queryFn: ({ signal }) => look(signal),
    refetchInterval: ({ state }) => (state.data ? false : 2000),
    gcTime: 0,
  })
  if (query.data)
    return (
      <Alert color="green" role="status" title="It works">
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
        <Alert color="red" role="alert" title="Warren could not be asked">
          {query.error.message}
        </Alert>
      )}
      {query.dataUpdatedAt - since > patienceMs && (
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
    <Button variant="light" w="fit-content" onClick={() => setSince(Date.now())}>
      Wait for {props.what}
    </Button>
  ) : (
    <Waiting {...props} since={since} />
  )
}
