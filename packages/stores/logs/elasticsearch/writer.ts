import type { BackingIndexCache } from './backing-indices.ts'
import type { Asker } from './client.ts'
import type { TemplateKeeper } from './template.ts'

/** What every write needs. */
export interface Writer {
  readonly client: Asker
  readonly indices: BackingIndexCache
  readonly template: TemplateKeeper
  readonly maxBulkBytes: number
  /** Aborted by `close`. */
  readonly closing: AbortSignal
}

/** A record and the index that holds it. */
export interface Placed {
  readonly item: number
  readonly stream: string
  readonly backingIndex: string
}
