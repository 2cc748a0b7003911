import type { ApiConfig } from '../config.ts'

/** Instances of the api before the same metric store name it alike, others otherwise. Undefined: an embedded one, which has no other. */
export function storeNameOf(store: ApiConfig['metricStore']): string | undefined {
  const { type, url, org } = store
  return type === 'duckdb' ? undefined : JSON.stringify([type, url, org])
}
