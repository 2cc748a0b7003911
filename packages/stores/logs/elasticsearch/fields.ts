import { type FieldType, recordFields } from '../log-store.ts'
import type { Asker } from './client.ts'

/** Newest records that are read for the keys of their attributes: a flattened field does not list them. */
const sampledRecords = 200
const maxKeys = 1000

interface Sample {
  readonly hits?: {
    readonly hits: readonly { readonly _source?: { attributes?: object } }[]
  }
}

export async function readFields(
  client: Asker,
  streams: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, FieldType>> {
  const fields = new Map<string, FieldType>()
  if (streams.length === 0) return fields
  const header = { index: streams, ignore_unavailable: true }
  const body = {
    size: sampledRecords,
    sort: [{ '@timestamp': 'desc' }],
    query: { exists: { field: 'attributes' } },
    _source: ['attributes'],
  }
  const lines = `${JSON.stringify(header)}\n${JSON.stringify(body)}\n`
  const reply = await client.search({ method: 'POST', path: '/_msearch', lines, signal })
  const [sample] = (reply.body as { responses?: readonly Sample[] }).responses ?? []
  for (const [name, type] of recordFields) fields.set(name, type)
  for (const { _source: source } of sample?.hits?.hits ?? [])
    for (const key of Object.keys(source?.attributes ?? {}))
      if (fields.size < maxKeys) fields.set(`attributes.${key}`, 'keyword')
  return fields
}
