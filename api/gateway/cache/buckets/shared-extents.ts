import { createHash } from 'node:crypto'
import type { SharedBytes } from '../../../redis/shared-bytes.ts'
import { formatVersion, fromBytes, toBytes } from './extent-bytes.ts'
import type { Extent } from './extents.ts'

/** Larger ones stay with the instance that has them. */
const mostBytes = 1024 ** 2

/** Kept buckets that other instances find. */
export interface SharedExtents {
  /** As another instance last had it: what came late since is in it still. Never rejects, and waits some milliseconds at most. */
  get(tenant: string, key: string): Promise<Extent | undefined>
  put(key: string, extent: Extent, ttlMs: number): void
}

/** `storeName`: equal for instances before the same metric store, and for no others. */
export function createSharedExtents(bytes: SharedBytes, storeName: string): SharedExtents {
  // Queries name measurements and values: nobody who lists keys is to read them.
  const nameOf = (key: string): string => {
    const hash = createHash('sha256')
      .update(JSON.stringify([storeName, key]))
      .digest('base64url')
    return `warren:cache:${formatVersion}:${hash}`
  }
  return {
    get: async (tenant, key) => {
      const found = await bytes.get(nameOf(key))
      if (found === undefined) return undefined
      try {
        const extent = fromBytes(found)
        // The tenant is in the key; here it is what was written.
        return extent.tenant === tenant ? extent : undefined
      } catch {
        // Something else has written there: the store is asked.
        return undefined
      }
    },
    put: (key, extent, ttlMs) => {
      if (ttlMs <= 0) return
      const made = toBytes(extent)
      if (made !== undefined && made.length <= mostBytes) bytes.put(nameOf(key), made, ttlMs)
    },
  }
}
