import { dataStreamOf, isPlainName } from '@warren/contracts/names'
import { WarrenError } from '@warren/platform/errors'
import { type Asker, reasonIn, unreadable } from './client.ts'

/** The backing indices of a data stream, oldest first; the last one takes the writes. */
export type BackingIndices = readonly string[]

interface ResolvedIndex {
  readonly data_streams: readonly {
    readonly name: string
    readonly backing_indices: string | BackingIndices
  }[]
}

/** The tenant's data streams as they are now. */
export async function readStreams(
  client: Asker,
  tenant: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, BackingIndices>> {
  const path = `/_resolve/index/${dataStreamOf('*', tenant)}`
  const { status, body } = await client.ask({ method: 'GET', path, signal })
  // Only a deployment's own proxy or privileges would answer a pattern with a client error.
  if (status >= 300)
    throw new WarrenError(`Elasticsearch refused to name the data streams: ${reasonIn(body)}`, {
      code: 'store_misconfigured',
      disposition: 'retry',
    })
  const { data_streams: found } = (body ?? {}) as Partial<ResolvedIndex>
  if (found === undefined) throw unreadable('/_resolve/index')
  const streams = found
    .filter(({ name }) => isStreamOf(tenant, name))
    .map(({ name, backing_indices: indices }) => [name, [indices].flat()] as const)
  return new Map(streams.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The pattern also finds streams of others' making that merely end alike. */
export function isStreamOf(tenant: string, name: string): boolean {
  const dataset = name.slice(dataStreamOf('', tenant).indexOf('-warren.') + '-warren.'.length)
  const plain = dataset.slice(0, -tenant.length - 1)
  return isPlainName(plain) && name === dataStreamOf(plain, tenant)
}

/** What this process knows of rollovers; see docs/adr/0005-log-id-uniqueness.md. */
export class BackingIndexCache {
  readonly #client: Asker
  readonly #tenants = new Map<string, ReadonlyMap<string, BackingIndices>>()
  /** Old indices whose every record a search can find. */
  readonly #refreshed = new Set<string>()

  constructor(client: Asker) {
    this.#client = client
  }

  knows(tenant: string, stream: string): boolean {
    return this.#tenants.get(tenant)?.has(stream) ?? false
  }

  isWriteIndex(tenant: string, stream: string, index: string): boolean {
    return this.#tenants.get(tenant)?.get(stream)?.at(-1) === index
  }

  /** The indices that writes no longer reach. */
  older(tenant: string, stream: string): BackingIndices {
    return this.#tenants.get(tenant)?.get(stream)?.slice(0, -1) ?? []
  }

  async read(tenant: string): Promise<void> {
    const streams = await readStreams(this.#client, tenant)
    const older = [...streams.values()].flatMap((indices) => indices.slice(0, -1))
    const hidden = older.filter((index) => !this.#refreshed.has(index))
    if (hidden.length > 0) await this.#refresh(hidden)
    this.#tenants.set(tenant, streams)
  }

  /** A rolled-over index takes no more writes, so what is searchable after this stays complete. */
  async #refresh(indices: BackingIndices): Promise<void> {
    for (const index of indices) {
      const path = `/${index}/_refresh`
      // Retention may delete the index at any time: 404 is fine.
      await this.#client.ask({ method: 'POST', path })
      this.#refreshed.add(index)
    }
  }
}
