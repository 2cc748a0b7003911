import { Alert, Button, Card, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type CreatedSender, createdSenderSchema } from '@warren/contracts/http/senders'
import { type ReactNode, useState } from 'react'
import { json, read } from '../http/client.ts'
import { toFieldErrors } from '../http/field-errors.ts'
import { TokensLink } from '../tokens/TokensLink.tsx'
import { LoopbackWarning } from './LoopbackWarning.tsx'
import { knownHosts, lookForHost } from './looks.ts'
import { Snippet } from './Snippet.tsx'
import { WaitForData } from './WaitForData.tsx'

interface SenderCardProps {
  readonly title: string
  readonly description: string
  readonly kind: CreatedSender['kind']
  readonly initialName: string
  /** What to do with the snippet. */
  readonly steps: ReactNode
  readonly snippet: (sender: CreatedSender) => string
  /** The likeliest causes when no new host comes; without them nothing is waited for. */
  readonly causes?: readonly string[]
}

/** What sends before the credential exists cannot be its sender. */
async function createSender(kind: CreatedSender['kind'], name: string) {
  const known = await knownHosts()
  const body = json({ name, kind })
  const sender = await read(createdSenderSchema, 'api/v1/senders', { method: 'POST', ...body })
  return { known, sender }
}

/** Makes a write-only credential and shows the configuration that uses it; the secret is shown this once. */
export function SenderCard(props: SenderCardProps) {
  const { title, description, kind, initialName, steps, snippet, causes } = props
  const [name, setName] = useState(initialName)
  const create = useMutation({ mutationFn: () => createSender(kind, name) })
  const errors = toFieldErrors(create.error, ['name'])
  return (
    <Card withBorder radius="md" component="section" aria-label={title}>
      <Stack gap="sm">
        <Title order={3} size="h4">
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {description}
        </Text>
        {create.data === undefined ? (
          <form
            onSubmit={(event) => {
              event.preventDefault()
              create.mutate()
            }}
          >
            <Stack gap="sm">
              <TextInput
                label="Name of the sender"
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                error={errors.at.name}
                errorProps={{ role: 'alert' }}
                required
              />
              <Button type="submit" loading={create.isPending} w="fit-content">
                Make a credential
              </Button>
            </Stack>
          </form>
        ) : (
          <>
            <LoopbackWarning url={create.data.sender.url} />
            <Text size="sm">{steps}</Text>
            <Snippet label={`${title}: configuration`} text={snippet(create.data.sender)} />
            <Text size="sm" c="dimmed">
              The credential can only write, and is shown this once.{' '}
              {kind === 'http' && <TokensLink />}
            </Text>
            {causes && (
              <WaitForData
                what="a new host"
                look={lookForHost(create.data.known)}
                causes={causes}
              />
            )}
          </>
        )}
        {errors.rest !== undefined && (
          <Alert color="red" role="alert" title="No credential was made">
            {errors.rest}
          </Alert>
        )}
      </Stack>
    </Card>
  )
}
