import { Button } from '@mantine/core'

interface Pages {
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  fetchNextPage(): Promise<unknown>
}

/** Fetches the next page of a list that has the newest first; nothing when there is none. */
export function OlderOnes({ query }: { readonly query: Pages }) {
  if (!query.hasNextPage) return null
  return (
    <Button
      variant="light"
      onClick={() => void query.fetchNextPage()}
      loading={query.isFetchingNextPage}
      w="fit-content"
    >
      Older ones
    </Button>
  )
}
