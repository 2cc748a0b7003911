import { Anchor, Group, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { deadLetterTotalQuery } from '../dead-letters/dead-letter-queries.ts'
import { Services } from './Services.tsx'

function DeadLetterLink() {
  const { data: total } = useQuery(deadLetterTotalQuery)
  return (
    <Anchor component={Link} to="/dead-letters" size="sm">
      {total === undefined ? 'Dead letters' : `Dead letters: ${total.toLocaleString('en')}`}
    </Anchor>
  )
}

export function StatusPage() {
  return (
    <>
      <Group justify="space-between" mb="md">
        <Title order={2}>Status</Title>
        <DeadLetterLink />
      </Group>
      <Services />
    </>
  )
}
