import { genericDataset, isPlainName } from '@warren/contracts/names'

/** Data streams that one tenant may have besides the generic one. */
const maxDatasets = 20

/** The dataset each record is stored under (sent with an empty one: without): its own when that is a plain name and one of the tenant's first twenty, else the generic one. The record keeps its own name. */
export function createDatasets() {
  const byTenant = new Map<string, Set<string>>()
  return (tenant: string, name: string): string => {
    if (!isPlainName(name)) return genericDataset
    const known = byTenant.get(tenant) ?? new Set()
    byTenant.set(tenant, known)
    if (known.size < maxDatasets) known.add(name)
    return known.has(name) ? name : genericDataset
  }
}
