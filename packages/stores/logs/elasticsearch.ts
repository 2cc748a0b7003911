import { WarrenError } from '@warren/platform/errors'
import { secretSchema } from '@warren/platform/secret'
import { z } from 'zod'
import { BackingIndexCache, readStreams } from './elasticsearch/backing-indices.ts'
import { openClient, reasonIn } from './elasticsearch/client.ts'
import { readFields } from './elasticsearch/fields.ts'
import { keepTrying } from './elasticsearch/keep-trying.ts'
import { retain } from './elasticsearch/retain.ts'
import { searchStreams } from './elasticsearch/search.ts'
import { TemplateKeeper } from './elasticsearch/template.ts'
import { writeBatch } from './elasticsearch/write.ts'
import { defineLogStore } from './log-store.ts'

const settings = z.strictObject({
  url: z.url().describe('Of one node, or of a balancer before several'),
  username: z.string().min(1).optional(),
  password: secretSchema.optional(),
  apiKey: secretSchema.optional().describe('Instead of user name and password'),
  requestTimeoutMs: z
    .int()
    .min(100)
    .default(30_000)
    .describe('Of any one request, searches too: more than `api.queries.deadlineMs`'),
  maxBulkBytes: z
    .int()
    .min(1024)
    .default(8 * 1024 * 1024)
    .describe('A larger batch is sent in several requests'),
})

/** Elasticsearch 8.19 and 9: a data stream a tenant and dataset, `logs-warren.<dataset>-<tenant>`, with our own index template. */
export const elasticsearch = defineLogStore({
  type: 'elasticsearch',
  settings,
  create: async ({ maxBulkBytes, ...connection }) => {
    const client = openClient(connection)
    const indices = new BackingIndexCache(client)
    const template = new TemplateKeeper(client)
    const closing = new AbortController()
    // Opening never fails because the server is away; until the template is there a write says why not.
    void keepTrying(() => template.ensure(), closing.signal)
    let closed: Promise<void> | undefined
    return {
      write: (batch) =>
        writeBatch({ client, indices, template, maxBulkBytes, closing: closing.signal }, batch),
      search: (search) => searchStreams(client, search),
      streams: async (tenant, signal) => [...(await readStreams(client, tenant, signal)).keys()],
      fields: (_tenant, streams, signal) => readFields(client, streams, signal),
      retain: (retention) => retain(client, retention),
      async check() {
        const path = '/_cluster/health'
        const { body } = await client.ask({ method: 'GET', path, querystring: { timeout: '1s' } })
        const { status } = body as { status?: string }
        if (status === 'red' || status === undefined)
          throw new WarrenError(`Elasticsearch is ${status ?? `in trouble: ${reasonIn(body)}`}`, {
            code: 'store_unavailable',
            disposition: 'retry',
          })
        await template.ensure()
      },
      close() {
        closing.abort()
        closed ??= client.close()
        return closed
      },
    }
  },
})
