import { z } from 'zod'

/** A tenant or a dataset: what Elasticsearch, InfluxDB and a file system all take, without a hyphen (it separates the parts of a data stream's name). */
const plainName = /^[a-z][a-z0-9_]{0,31}$/

export const tenantSchema = z
  .string()
  .regex(plainName, 'a lower-case letter, then letters, digits or _; at most 32')

/** The same rule: both are words of one data stream's name. */
export const datasetSchema = z
  .string()
  .regex(plainName, 'a lower-case letter, then letters, digits or _; at most 32')

export const isPlainName = (text: string): boolean => plainName.test(text)

/** An instance of a blueprint, as its senders name it. */
export const deploymentSchema = z.string().min(1).max(128)

/** The dataset of records whose own dataset is absent or not a plain name. */
export const genericDataset = 'generic'

/** The name under which clients see the database of their tenant. */
export const publicDatabase = 'warren'

/** The physical database, bucket or schema of one tenant's metrics. */
export const databaseOf = (tenant: string): string => `warren_${tenant}`

/** Whose physical database it is; undefined for a name of others' making. */
export function tenantOfDatabase(database: string): string | undefined {
  const tenant = database.startsWith('warren_') ? database.slice('warren_'.length) : ''
  return isPlainName(tenant) ? tenant : undefined
}

/** The data stream of one tenant's records of one dataset. */
export const dataStreamOf = (dataset: string, tenant: string): string =>
  `logs-warren.${dataset}-${tenant}`

/** The first tenant, made at the first start. */
export const defaultTenant = 'default'
