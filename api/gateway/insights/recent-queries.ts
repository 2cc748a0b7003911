import type { KeptQuery } from '@warren/contracts/http/query-insights'

const mostOfTenant = 200
const mostTenants = 100

/** The last queries of each tenant; the tenants that asked last. Bounded: 200 of 100 tenants. */
export class RecentQueries {
  readonly #byTenant = new Map<string, KeptQuery[]>()

  keep(query: KeptQuery): void {
    const { tenant } = query
    const queries = this.#byTenant.get(tenant) ?? []
    queries.push(query)
    if (queries.length > mostOfTenant) queries.shift()
    // Last in the map is who asked last.
    this.#byTenant.delete(tenant)
    this.#byTenant.set(tenant, queries)
    const [oldest] = this.#byTenant.keys()
    if (this.#byTenant.size > mostTenants && oldest !== undefined) this.#byTenant.delete(oldest)
  }

  /** Newest first; of one tenant or, without one, of all. */
  of(tenant: string | undefined): readonly KeptQuery[] {
    if (tenant !== undefined) return (this.#byTenant.get(tenant) ?? []).toReversed()
    return [...this.#byTenant.values()].flat().sort((one, other) => (one.at < other.at ? 1 : -1))
  }
}
