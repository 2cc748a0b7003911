import { Badge } from '@mantine/core'
import type { Health } from '@warren/contracts/http/status'

const meaning = {
  green: 'works',
  yellow: 'works with a reservation',
  red: 'does not work',
} as const

/** A part's state in its color and as a word. */
export function StateBadge({ state }: { state: Health['state'] }) {
  return (
    <Badge
      color={state}
      variant="light"
      title={meaning[state]}
      w={76}
      style={{ flexShrink: 0 }}
      data-state={state}
    >
      {state}
    </Badge>
  )
}
