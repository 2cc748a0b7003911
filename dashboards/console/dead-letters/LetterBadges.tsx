import { Badge } from '@mantine/core'
import type { StoredLetter } from '@warren/contracts/http/dead-letters'

/** Why it was parked, and from which stream. */
export function LetterBadges({
  letter,
}: {
  readonly letter: Pick<StoredLetter, 'code' | 'stream'>
}) {
  return (
    <>
      <Badge variant="light" color="red">
        {letter.code}
      </Badge>
      <Badge variant="outline" color="gray">
        {letter.stream}
      </Badge>
    </>
  )
}
