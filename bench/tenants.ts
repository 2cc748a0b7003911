import { defaultTenant } from '@warren/contracts/names'
import { openCatalog } from '@warren/stores/catalog/open'
import { startPostgres } from '@warren/test-servers/postgres'

/** The tenants whose messages take turns, the first one that of the admin. */
export const tenantNames = (count: number): readonly string[] => [
  defaultTenant,
  ...Array.from({ length: count - 1 }, (_, index) => `bench_${index}`),
]

export interface BenchCatalog {
  readonly url: string
  close(): Promise<void>
}

/** A PostgreSQL of its own whose catalog knows the tenants: so many, or those named. */
export async function startCatalog(
  count: number,
  names = tenantNames(count),
): Promise<BenchCatalog> {
  const server = await startPostgres()
  const catalog = await openCatalog({ url: server.url })
  for (const name of names) await catalog.tenants.ensure(name)
  await catalog.close()
  return { url: server.url, close: () => server.close() }
}
