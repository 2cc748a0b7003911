import { WarrenError } from '@warren/platform/errors'
import { firstKeptMs, type Retention } from '../../retention.ts'
import { readStreams } from './backing-indices.ts'
import { type Asker, reasonIn } from './client.ts'

/** A stream has about so many backing indices within what is kept: each costs a look-up a redelivered batch (docs/adr/0005). */
const steps = 15
const maxShardSize = '25gb'

/** Deletes the backing indices whose newest record is too old, and rolls streams over so often that there are such indices. Our own job rather than a lifecycle of the server's,
 *  since not every server has one: docs/adr/0016-retention.md. Several processes may do it at once. */
export async function retain(client: Asker, retention: Retention): Promise<readonly string[]> {
  const gone: string[] = []
  for (const [stream, indices] of await readStreams(client, retention.tenant)) {
    const rolled = await rollOver(client, { stream, writeIndex: indices.at(-1) ?? '', retention })
    const older = rolled ? indices : indices.slice(0, -1)
    for (const index of older) {
      const newest = await newestOf(client, index)
      // Without any record it is of no use: only the newest index takes any.
      if (newest === 'missing' || (newest !== 'empty' && newest >= firstKeptMs(retention))) continue
      await must(client, { method: 'DELETE', path: `/${index}` })
      gone.push(`the index ${index}`)
    }
  }
  return gone
}

interface Rolling {
  readonly stream: string
  readonly writeIndex: string
  readonly retention: Retention
}

interface Rollover {
  readonly rolled_over?: boolean
}

/** By age and size; at once when everything in it is too old, for the newest index of a stream cannot be deleted. */
async function rollOver(client: Asker, { stream, writeIndex, retention }: Rolling) {
  const newest = await newestOf(client, writeIndex)
  if (typeof newest === 'string') return false
  const conditions = {
    max_age: `${Math.max(1, Math.ceil(retention.days / steps))}d`,
    max_primary_shard_size: maxShardSize,
  }
  const body = newest < firstKeptMs(retention) ? {} : { conditions }
  const answer = await must(client, { method: 'POST', path: `/${stream}/_rollover`, body })
  return (answer as Rollover | undefined)?.rolled_over === true
}

interface Newest {
  readonly aggregations?: { readonly newest?: { readonly value: number | null } }
}

/** `@timestamp` of its newest record, milliseconds since the epoch. */
async function newestOf(client: Asker, index: string): Promise<number | 'empty' | 'missing'> {
  // What was written just before a rollover counts, too.
  await must(client, { method: 'POST', path: `/${index}/_refresh` })
  const body = { size: 0, aggs: { newest: { max: { field: '@timestamp' } } } }
  const answer = await must(client, { method: 'POST', path: `/${index}/_search`, body })
  if (answer === undefined) return 'missing'
  return (answer as Newest).aggregations?.newest?.value ?? 'empty'
}

/** The answer's body; undefined when there is no such index or stream any more. */
async function must(client: Asker, request: Parameters<Asker['ask']>[0]): Promise<unknown> {
  const { status, body } = await client.ask(request)
  if (status === 404) return undefined
  if (status < 300) return body
  throw new WarrenError(`Elasticsearch refused ${request.path}: ${reasonIn(body)}`, {
    code: 'store_misconfigured',
    disposition: 'retry',
  })
}
