import { Alert, Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type CreatedSender, createdSenderSchema } from '@warren/contracts/http/senders'
import { useState } from 'react'
import { json, read } from '../http/client.ts'
import { lookForHost } from './looks.ts'
import { Snippet } from './Snippet.tsx'
import { WaitForData } from './WaitForData.tsx'

interface SenderCardProps {
  readonly title: string
  readonly description: string
  readonly kind: CreatedSender['kind']
  readonly initialName: string
  readonly snippet: (sender: CreatedSender) => string
  readonly causes: readonly string[]
}

/** Makes a write-only credential and shows the configuration that uses it; the secret is shown this once. */
export function SenderCard({
  title,
  description,
  kind,
  initialName,
  snippet,
  causes,
}: SenderCardProps) {
  const [name, setName] = useState(initialName)
  const create = useMutation({
    mutationFn: () =>
      read(createdSenderSchema, 'api/v1/senders', { method: 'POST', ...json({ name, kind }) }),
  })
  return (
    <Card withBorder radius="md">
      <Stack gap="sm">
        <Title order={4}>{title}</Title>
        <Text size="sm" c="dimmed">
          {description}
        </Text>
        {create.data === undefined ? (
          <Group align="flex-end">
            <TextInput
              label="Name of the sender"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button onClick={() => create.mutate()} loading={create.isPending}>
              Make a credential
            </Button>
          </Group>
        ) : (
          <>
            <Snippet text={snippet(create.data)} />
            <Text size="sm" c="dimmed">
              The credential can only write, and is shown this once.
            </Text>
            <WaitForData what="a new host" look={lookForHost} causes={causes} />
          </>
        )}
        {create.error && (
          <Alert color="red" role="alert">
            {create.error.message}
          </Alert>
        )}
      </Stack>
    </Card>
  )
}
