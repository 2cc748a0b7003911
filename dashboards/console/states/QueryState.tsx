import { Alert, Button, Center, Loader, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'

interface QueryStateProps<Data> {
  readonly query: UseQueryResult<Data>
  /** What is loaded, as a person would call it. */
  readonly what: string
  readonly isEmpty: (data: Data) => boolean
  /** Why there may be nothing, and what to do. */
  readonly empty: ReactNode
  readonly children: (data: Data) => ReactNode
}

/** Says which it is: loading, failed (with the reason and a way to try again), empty, or there. Old data stays while new data loads. */
export function QueryState<Data>({ query, what, isEmpty, empty, children }: QueryStateProps<Data>) {
  const { data, error } = query
  if (data !== undefined && error === null) return isEmpty(data) ? empty : children(data)
  if (error === null)
    return (
      <Center mih={120} role="status" aria-label={`Loading ${what}`}>
        <Loader size="sm" />
      </Center>
    )
  return (
    <Stack gap="xs">
      <Alert color="red" role="alert" title={`${what} could not be loaded`}>
        {error.message}
        <div>
          <Button
            size="compact-xs"
            variant="light"
            color="red"
            mt="xs"
            onClick={() => void query.refetch()}
          >
            Try again
          </Button>
        </div>
      </Alert>
      {data !== undefined && children(data)}
    </Stack>
  )
}

/** A calm text in the middle of an empty place. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Center mih={120}>
      <Stack gap={4} align="center" maw={560}>
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="dimmed" ta="center" component="div">
          {children}
        </Text>
      </Stack>
    </Center>
  )
}
