import { databaseOf, defaultTenant } from '@warren/contracts/names'
import { WarrenError } from '@warren/platform/errors'
import { secretSchema } from '@warren/platform/secret'
import { z } from 'zod'
import { createClientSender } from '../influx/client-sender.ts'
import type { LineSender } from '../influx/line-sender.ts'
import { awayError } from '../influx/store-away.ts'
import { trySend, type WriteResult } from '../influx/write-failure.ts'
import { writeLines } from '../influx/write-lines.ts'
import { defineMetricStore, type MetricStore } from './metric-store.ts'

const settings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  token: secretSchema,
  org: z.string().min(1),
  gzip: z.boolean().default(true),
  writeTimeoutMs: z.int().min(100).default(30_000),
})

/** Writes to whatever takes InfluxDB 2's `/api/v2/write`: a bucket `warren_<tenant>` a tenant, which the operator makes. Reads are refused: no InfluxDB 2 server has been run against yet. */
export const influx2 = defineMetricStore({
  type: 'influx2',
  settings,
  create: async ({ url, token, org, gzip, writeTimeoutMs }): Promise<MetricStore> => {
    const authorization = `Token ${token.reveal()}`
    const sender = createClientSender({ url, authorization, gzip, timeoutMs: writeTimeoutMs })
    return {
      write: (batch) =>
        writeLines(batch, (lines) => sendTo(sender, pathOf(org, batch.tenant), lines)),
      query: async () => {
        throw new WarrenError(
          'reading from InfluxDB 2 is not offered: no InfluxDB 2 server has been run against yet',
          { code: 'not_supported', disposition: 'reject' },
        )
      },
      // A bucket's retention belongs to who makes the bucket.
      retain: async () => [],
      async check() {
        // Nothing to store, but everything a write needs: address, token, organisation.
        const result = await sendTo(sender, pathOf(org, defaultTenant), [nothing])
        if (result.kind === 'away') throw result.error
      },
      close: async () => sender.close(),
    }
  },
})

const nothing = new TextEncoder().encode('\n')

const pathOf = (org: string, tenant: string): string =>
  `/api/v2/write?org=${encodeURIComponent(org)}&bucket=${databaseOf(tenant)}&precision=ns`

async function sendTo(
  sender: LineSender,
  path: string,
  lines: readonly Uint8Array[],
): Promise<WriteResult> {
  const result = await trySend(sender, path, lines)
  if (result.kind !== 'not found') return result
  const { host } = new URL(sender.target.url)
  return { kind: 'away', error: awayError({ host, status: 404, text: result.text }, Date.now()) }
}
