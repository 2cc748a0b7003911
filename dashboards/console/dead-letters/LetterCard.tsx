import { Anchor, Card, Checkbox, Code, Group, Text } from '@mantine/core'
import type { StoredLetter } from '@warren/contracts/http/dead-letters'
import { Link } from 'react-router'
import { ago } from '../time/ago.ts'
import { momentOf } from '../time/clock.ts'
import { toItemText } from './item-text.ts'
import { LetterBadges } from './LetterBadges.tsx'
import { letterPage } from './letter-page.ts'

interface LetterCardProps {
  readonly letter: StoredLetter
  readonly isChosen: boolean
  /** Absent: it cannot be chosen. */
  readonly onChoose: (() => void) | undefined
}

/** One parked item: why, since when, where it came from, and its bytes. */
export function LetterCard({ letter, isChosen, onChoose }: LetterCardProps) {
  const { text, bytes: shown, cut } = toItemText(letter.item)
  const { bytes } = letter
  const { exchange, routing_key: key, index } = letter.origin
  return (
    <Card withBorder radius="md" padding="sm" component="article">
      <Group justify="space-between" gap="xs" mb={4}>
        <Group gap="xs">
          {onChoose && (
            <Checkbox size="xs" aria-label="Select" checked={isChosen} onChange={onChoose} />
          )}
          <LetterBadges letter={letter} />
          {letter.attempts > 1 && <Text size="xs">{letter.attempts} times</Text>}
          {letter.edited_by !== null && (
            <Text size="xs" c="dimmed">
              edited by {letter.edited_by}
            </Text>
          )}
        </Group>
        <Text
          size="xs"
          c="dimmed"
          title={`first ${momentOf(letter.first_seen)}, last ${momentOf(letter.last_seen)}`}
        >
          {ago(Date.parse(letter.last_seen))}
        </Text>
      </Group>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {letter.reason}
      </Text>
      <Code block my={6} p={6} mah={160} style={{ overflow: 'auto', whiteSpace: 'pre-wrap' }}>
        {text}
        {cut || shown < bytes ? ' …' : ''}
      </Code>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {bytes.toLocaleString('en')} bytes, {index < 0 ? 'a whole message' : `item ${index + 1}`}{' '}
          of {exchange}, key {key}
        </Text>
        <Anchor component={Link} size="sm" to={letterPage(letter)} style={{ whiteSpace: 'nowrap' }}>
          Open
        </Anchor>
      </Group>
    </Card>
  )
}
