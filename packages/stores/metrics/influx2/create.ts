import { databaseOf, defaultTenant } from '@warren/contracts/names'
import { createHttpSender } from '../../http/sender.ts'
import { createClientSender } from '../../influx/client-sender.ts'
import type { LineSender } from '../../influx/line-sender.ts'
import { awayError } from '../../influx/store-away.ts'
import { trySend, type WriteResult } from '../../influx/write-failure.ts'
import { writeLines } from '../../influx/write-lines.ts'
import type { MetricStore } from '../metric-store.ts'
import { askFlux } from './flux.ts'
import { runQuery } from './query.ts'
import { readerOf } from './reader.ts'
import type { Influx2Settings } from './settings.ts'

export function createInflux2(settings: Influx2Settings): MetricStore {
  const { url, token, org, gzip, writeTimeoutMs } = settings
  const authorization = `Token ${token.reveal()}`
  const sender = createClientSender({ url, authorization, gzip, timeoutMs: writeTimeoutMs })
  const asking = createHttpSender({ url, headers: {}, timeoutMs: settings.queryTimeoutMs })
  const readerFor = (tenant: string) => readerOf(settings, asking, tenant)
  return {
    write: (batch) =>
      writeLines(batch, (lines) => sendTo(sender, pathOf(org, batch.tenant), lines)),
    query: async (query) => runQuery(readerFor(query.tenant), query),
    flux: async (question) => askFlux(readerFor(question.tenant), question),
    // A bucket's retention belongs to who makes the bucket.
    retain: async () => [],
    async check() {
      // Nothing to store, but everything a write needs: address, token, organisation.
      const result = await sendTo(sender, pathOf(org, defaultTenant), [nothing])
      if (result.kind === 'away') throw result.error
    },
    close: async () => {
      sender.close()
      asking.close()
    },
  }
}

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
