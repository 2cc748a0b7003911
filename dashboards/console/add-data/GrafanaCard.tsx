import { Alert, Button, Card, Stack, TagsInput, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { grafanaDataSources } from '@warren/contracts/grafana-data-sources'
import { type CreatedToken, createdTokenSchema } from '@warren/contracts/http/tokens'
import { useState } from 'react'
import { apiUrl, json, read } from '../http/client.ts'
import { toFieldErrors } from '../http/field-errors.ts'
import { TokensLink } from '../tokens/TokensLink.tsx'
import { LoopbackWarning } from './LoopbackWarning.tsx'
import { lookForUse } from './looks.ts'
import { Snippet } from './Snippet.tsx'
import { WaitForData } from './WaitForData.tsx'

const gateway = (): string => apiUrl('gateway').href

/** Of all deployments where none is named. */
const createToken = (name: string, deployments: readonly string[]): Promise<CreatedToken> =>
  read(createdTokenSchema, 'api/v1/tokens', {
    method: 'POST',
    ...json({ name, role: 'viewer', ...(deployments.length === 0 ? {} : { deployments }) }),
  })

/** One token a data source, so that each can be seen to work and be revoked alone. */
const createTokens = async (deployments: readonly string[]) => ({
  metrics: await createToken('grafana metrics', deployments),
  logs: await createToken('grafana logs', deployments),
})

const causes = [
  'Grafana runs on another computer and cannot reach this address: set WARREN_HTTP_HOST and use a name that it knows.',
  'The provisioning file is in another folder than Grafana reads, or Grafana has not been restarted.',
  'Nothing has asked yet: press “Save & test” on the data source, or open a panel.',
]

/** Makes two viewer tokens and shows Grafana's provisioning file for both data sources. */
export function GrafanaCard() {
  const [deployments, setDeployments] = useState<string[]>([])
  const create = useMutation({ mutationFn: () => createTokens(deployments) })
  const errors = toFieldErrors(create.error, ['deployments'])
  return (
    <Card withBorder radius="md" component="section" aria-label="Grafana">
      <Stack gap="sm">
        <Title order={3} size="h4">
          Grafana
        </Title>
        <Text size="sm" c="dimmed">
          Two stock data sources work through the gateway: InfluxDB for metrics, Elasticsearch for
          logs. Dashboards for both are in dashboards/grafana.
        </Text>
        {create.data === undefined ? (
          <>
            <TagsInput
              label="Only these deployments"
              description="Empty: all of the tenant. What a token may read never changes: make another one instead."
              value={deployments}
              onChange={setDeployments}
              error={errors.at.deployments}
              errorProps={{ role: 'alert' }}
              maxTags={32}
              acceptValueOnBlur
            />
            <Button onClick={() => create.mutate()} loading={create.isPending} w="fit-content">
              Make read-only tokens
            </Button>
          </>
        ) : (
          <>
            <LoopbackWarning url={gateway()} />
            <Text size="sm">
              Save it as provisioning/datasources/warren.yaml of Grafana and restart Grafana.
            </Text>
            <Snippet
              label="Grafana: data sources"
              text={grafanaDataSources({
                gateway: gateway(),
                metricsToken: create.data.metrics.secret,
                logsToken: create.data.logs.secret,
              })}
            />
            <Text size="sm" c="dimmed">
              The tokens can only read, and are shown this once. <TokensLink />
            </Text>
            <WaitForData
              what="the metrics data source"
              look={lookForUse(create.data.metrics.id, 'Grafana has asked for metrics.')}
              causes={causes}
            />
            <WaitForData
              what="the logs data source"
              look={lookForUse(create.data.logs.id, 'Grafana has asked for logs.')}
              causes={causes}
            />
          </>
        )}
        {errors.rest !== undefined && (
          <Alert color="red" role="alert" title="No tokens were made">
            {errors.rest}
          </Alert>
        )}
      </Stack>
    </Card>
  )
}
