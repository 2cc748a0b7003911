import { openCatalog } from '@warren/stores/catalog/open'
import { startPostgres } from '@warren/test-servers/postgres'

/** The tenants whose messages take turns. */
export const tenantNames = (count: number): readonly string[] =>
  count === 1 ? ['default'] : Array.from({ length: count }, (_, index) => `bench_${index}`)

export interface BenchCatalog {
  readonly url: string
  close(): Promise<void>
}

/** A PostgreSQL of its own whose catalog knows the tenants. */
export async function startCatalog(count: number): Promise<BenchCatalog> {
  const server = await startPostgres()
  const catalog = await openCatalog({ url: server.url })
  for (const name of tenantNames(count)) await catalog.tenants.ensure(name)
  await catalog.close()
  return { url: server.url, close: () => server.close() }
}
