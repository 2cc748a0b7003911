import { z } from 'zod'
import { ApiError, send } from './client.ts'

const hitSchema = z.object({
  _id: z.string(),
  _index: z.string(),
  _source: z.record(z.string(), z.unknown()),
  sort: z.array(z.union([z.string(), z.number()])).optional(),
})
export type Hit = z.infer<typeof hitSchema>

const bucketSchema = z.object({
  key: z.union([z.string(), z.number()]),
  doc_count: z.number(),
})
export type Bucket = z.infer<typeof bucketSchema>

const successSchema = z.object({
  hits: z.object({
    total: z.object({ value: z.number(), relation: z.string() }).optional(),
    hits: z.array(hitSchema),
  }),
  aggregations: z.record(z.string(), z.object({ buckets: z.array(bucketSchema) })).optional(),
})
export type Found = z.infer<typeof successSchema>

const failureSchema = z.object({ error: z.object({ reason: z.string() }), status: z.number() })
const answerSchema = z.object({ responses: z.array(z.union([failureSchema, successSchema])) })

/** Asks the gateway in Elasticsearch's search language; one answer a body. */
export async function search(bodies: readonly object[], signal?: AbortSignal): Promise<Found[]> {
  const header = JSON.stringify({ index: 'logs-*', ignore_unavailable: true })
  const response = await send('gateway/elasticsearch/_msearch', {
    method: 'POST',
    contentType: 'application/x-ndjson',
    body: bodies.map((body) => `${header}\n${JSON.stringify(body)}\n`).join(''),
    signal,
  })
  return answerSchema.parse(await response.json()).responses.map((answer) => {
    if ('error' in answer) throw new ApiError(answer.status, answer.error.reason)
    return answer
  })
}
