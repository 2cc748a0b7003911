import { Badge, Card, Code, Group, Text } from '@mantine/core'
import type { DeadLetter } from '@warren/contracts/dead-letter'
import { ago } from '../time/ago.ts'
import { toItemText } from './item-text.ts'

/** One parked item: why, since when, where it came from, and its bytes. */
export function LetterCard({ letter }: { letter: DeadLetter }) {
  const { text, bytes, cut } = toItemText(letter.item)
  const { exchange, routing_key: key, index } = letter.origin
  return (
    <Card withBorder radius="md" padding="sm" component="article">
      <Group justify="space-between" gap="xs" mb={4}>
        <Group gap="xs">
          <Badge variant="light" color="red">
            {letter.code}
          </Badge>
          <Badge variant="outline" color="gray">
            {letter.stream}
          </Badge>
          {letter.attempts > 1 && <Text size="xs">{letter.attempts} times</Text>}
        </Group>
        <Text size="xs" c="dimmed" title={`first ${letter.first_seen}, last ${letter.last_seen}`}>
          {ago(Date.parse(letter.last_seen))}
        </Text>
      </Group>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {letter.reason}
      </Text>
      <Code block my={6} p={6} mah={160} style={{ overflow: 'auto', whiteSpace: 'pre-wrap' }}>
        {text}
        {cut ? ' …' : ''}
      </Code>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {bytes.toLocaleString('en')} bytes, {index < 0 ? 'a whole message' : `item ${index + 1}`} of{' '}
        {exchange}, key {key}
      </Text>
    </Card>
  )
}
