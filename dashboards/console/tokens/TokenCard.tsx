import { Badge, Card, Group, Text } from '@mantine/core'
import type { Token } from '@warren/contracts/http/tokens'
import { Confirm } from '../states/Confirm.tsx'
import { ago } from '../time/ago.ts'
import { momentOf } from '../time/clock.ts'
import { revokeToken, tokensKey } from './token-queries.ts'

const usedText = (lastUsedAt: string | null): string =>
  lastUsedAt === null ? 'never used' : `last used ${ago(Date.parse(lastUsedAt))}`

function Validity({ expiresAt }: { expiresAt: string }) {
  const isOver = Date.parse(expiresAt) <= Date.now()
  return (
    <Text size="sm" {...(isOver ? { c: 'red' } : {})}>
      {isOver ? 'ended' : 'valid until'} {momentOf(expiresAt)}
    </Text>
  )
}

/** One token: what it may do, how long, and whether anybody uses it. */
export function TokenCard({ token }: { token: Token }) {
  const { id, name, role, tenant, isAlerting, deployments, expiresAt, lastUsedAt } = token
  return (
    <Card withBorder radius="md" padding="sm" component="article" aria-label={`Token ${name}`}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text fw={600} style={{ overflowWrap: 'anywhere' }} title={id}>
            {name}
          </Text>
          <Badge variant="light">{role}</Badge>
          {isAlerting && (
            <Badge variant="light" color="gray">
              alerting
            </Badge>
          )}
        </Group>
        <Confirm
          label="Revoke"
          title={`Revoke “${name}”?`}
          text={`What uses it is refused from now on; it was ${usedText(lastUsedAt)}. A token cannot be given back: make another one.`}
          action="Revoke"
          color="red"
          changes={tokensKey}
          run={() => revokeToken(id)}
        />
      </Group>
      <Group style={{ columnGap: 16, rowGap: 2 }}>
        <Validity expiresAt={expiresAt} />
        <Text size="sm" {...(lastUsedAt === null ? {} : { title: momentOf(lastUsedAt) })}>
          {usedText(lastUsedAt)}
        </Text>
        <Text size="sm" c="dimmed">
          tenant {tenant}
        </Text>
        {deployments !== undefined && (
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            of {deployments.join(', ')}
          </Text>
        )}
      </Group>
    </Card>
  )
}
