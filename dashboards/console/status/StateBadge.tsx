import { Badge } from '@mantine/core'
import type { Health } from '@warren/contracts/http/status'

const meaning = {
  green: 'works',
  yellow: 'works with a reservation',
  red: 'does not work',
} as const

interface StateBadgeProps {
  readonly state: Health['state']
  /** It was told a while ago, and nobody knows of now. */
  readonly isOld?: boolean
}

/** A part's state in its color and as a word; without the color once it is old. */
export function StateBadge({ state, isOld = false }: StateBadgeProps) {
  return (
    <Badge
      color={isOld ? 'gray' : state}
      variant="light"
      title={isOld ? `${meaning[state]}, when last heard of` : meaning[state]}
      w={isOld ? 104 : 76}
      style={{ flexShrink: 0 }}
      data-state={isOld ? 'unknown' : state}
    >
      {isOld ? `was ${state}` : state}
    </Badge>
  )
}
