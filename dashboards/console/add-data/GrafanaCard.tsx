import { Alert, Button, Card, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { createdTokenSchema } from '@warren/contracts/http/tokens'
import { apiUrl, json, read } from '../http/client.ts'
import { lookForUse } from './looks.ts'
import { Snippet } from './Snippet.tsx'
import { grafanaSnippet } from './snippets.ts'
import { WaitForData } from './WaitForData.tsx'

const gateway = (): string => apiUrl('gateway').href

/** Makes a viewer token and shows Grafana's provisioning file for both data sources. */
export function GrafanaCard() {
  const create = useMutation({
    mutationFn: () =>
      read(createdTokenSchema, 'api/v1/tokens', {
        method: 'POST',
        ...json({ name: 'grafana', role: 'viewer' }),
      }),
  })
  return (
    <Card withBorder radius="md">
      <Stack gap="sm">
        <Title order={4}>Grafana</Title>
        <Text size="sm" c="dimmed">
          Both stock data sources work through the gateway. Put the file into
          provisioning/datasources of Grafana and restart it; the dashboards are in
          dashboards/grafana.
        </Text>
        {create.data === undefined ? (
          <Button onClick={() => create.mutate()} loading={create.isPending} w="fit-content">
            Make a read-only token
          </Button>
        ) : (
          <>
            <Snippet text={grafanaSnippet(gateway(), create.data.secret)} />
            <WaitForData
              what="Grafana’s first query"
              look={lookForUse(create.data.id)}
              causes={[
                'Grafana runs on another computer and cannot reach this address: set WARREN_HTTP_HOST and use a name that it knows.',
                'The provisioning file is in another folder than Grafana reads.',
                'No panel has been opened yet: press “Save & test” on the data source.',
              ]}
            />
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
