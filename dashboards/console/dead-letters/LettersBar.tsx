import { Group, Text } from '@mantine/core'
import { Confirm } from '../states/Confirm.tsx'
import { lettersKey, purgeLetters, startReplay } from './dead-letter-queries.ts'
import type { LetterFilter } from './letter-filter.ts'
import { useMayChange } from './use-may-change.ts'

interface LettersBarProps {
  readonly filter: LetterFilter
  readonly counts: { readonly total: number; readonly matching: number } | undefined
  /** Ids. */
  readonly chosen: readonly string[]
  readonly onDone: () => void
}

const lettersOf = (count: number): string =>
  count === 1 ? '1 letter' : `${count.toLocaleString('en')} letters`

const whatReplayDoes =
  'Each is sent again to where it came from, under the same tenant. One that is refused again comes back, counted.'

/** How many there are, and what can be done with them together. */
export function LettersBar({ filter, counts, chosen, onDone }: LettersBarProps) {
  const { mayChange } = useMayChange()
  if (counts === undefined) return null
  const { total, matching } = counts
  const isSome = chosen.length > 0
  const many = lettersOf(isSome ? chosen.length : matching)
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed">
        {matching === total ? '' : `${matching.toLocaleString('en')} match, `}
        {total.toLocaleString('en')} in all
      </Text>
      {mayChange && matching > 0 && (
        <Group gap="xs">
          <Confirm
            label={isSome ? `Replay selected (${chosen.length})` : 'Replay all that match'}
            title={`Replay ${many}?`}
            text={whatReplayDoes}
            action="Replay"
            changes={lettersKey}
            run={() => startReplay(filter, isSome ? chosen : undefined)}
            onDone={onDone}
          />
          <Confirm
            label="Delete all that match"
            title={`Delete ${lettersOf(matching)} for good?`}
            text="They cannot be brought back: what they hold was stored nowhere else."
            action="Delete"
            color="red"
            changes={lettersKey}
            run={() => purgeLetters(filter)}
            onDone={onDone}
          />
        </Group>
      )}
    </Group>
  )
}
