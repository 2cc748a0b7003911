import { Stack, Text } from '@mantine/core'
import type { Insights } from '@warren/contracts/http/query-insights'

/** How the stores are asked just now; nothing for those who are not told. */
export function StoreTurns({ stores }: Pick<Insights, 'stores'>) {
  return (
    <Stack gap={0}>
      {stores.map(({ store, running, waiting, limit, found, most }) => (
        <Text key={store} size="sm">
          Store of {store}: {running} running, {waiting} waiting; {limit} at once just now, {found}{' '}
          found to be worth it, {most} at most
        </Text>
      ))}
    </Stack>
  )
}
