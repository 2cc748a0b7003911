import { Alert, Button, Center, Group, Loader, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'

type Query<Data> = Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>

interface QueryStateProps<Data> {
  readonly query: Query<Data>
  /** What is loaded, as a person would call it. */
  readonly what: string
  readonly isEmpty: (data: Data) => boolean
  /** Why there may be nothing, and what to do. */
  readonly empty: ReactNode
  /** Of the place while nothing is in it, pixels. */
  readonly height?: number
  readonly children: (data: Data) => ReactNode
}

const defaultHeight = 120
const slowMs = 5000

/** Nothing could be shown: why, and a way to try again. */
function Failed({ what, query }: { what: string; query: Query<unknown> }) {
  return (
    <Alert color="red" role="alert" title={`${what} could not be loaded`}>
      {query.error?.message}
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
  )
}

/** Says so when it takes longer than it should. */
function Loading({ what, height }: { what: string; height: number }) {
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), slowMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Center mih={height} role="status">
      <Group gap="xs">
        <Loader size="xs" />
        <Text size="sm" c="dimmed">
          {what}: loading …{isSlow ? ' Warren is slow to answer; still waiting.' : ''}
        </Text>
      </Group>
    </Center>
  )
}

/** Says which it is: loading, failed (with the reason and a way to try again), empty, or there. Old data stays while new data loads, or cannot be. */
export function QueryState<Data>(props: QueryStateProps<Data>) {
  const { query, what, isEmpty, empty, height = defaultHeight, children } = props
  const { data, error } = query
  if (data !== undefined && error === null) return isEmpty(data) ? empty : children(data)
  if (error === null) return <Loading what={what} height={height} />
  if (data === undefined) return <Failed what={what} query={query} />
  return (
    <>
      <Text size="xs" c="red" role="alert">
        Not up to date: {error.message}
      </Text>
      {children(data)}
    </>
  )
}

/** A calm text in the middle of an empty place. */
export function Empty({
  title,
  height = defaultHeight,
  children,
}: {
  title: string
  height?: number
  children?: ReactNode
}) {
  return (
    <Center mih={height}>
      <Stack gap={4} align="center" maw={560}>
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="dimmed" ta="center" component="div">
          {children}
        </Text>
      </Stack>
    </Center>
  )
}
