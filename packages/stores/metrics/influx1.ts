import { databaseOf, defaultTenant } from '@warren/contracts/names'
import { secretSchema } from '@warren/platform/secret'
import { z } from 'zod'
import { createConnection } from './influx1/connection.ts'
import { ensureDatabase } from './influx1/database.ts'
import { runQuery } from './influx1/query.ts'
import { retain } from './influx1/retain.ts'
import { writeBatch } from './influx1/write.ts'
import { defineMetricStore, type MetricStore } from './metric-store.ts'

const settings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  username: z.string().min(1).optional(),
  password: secretSchema.optional(),
  gzip: z
    .boolean()
    .default(false)
    .describe('Costs the sender more time than it saves unless the network is slow'),
  writeTimeoutMs: z.int().min(100).default(30_000),
  queryTimeoutMs: z.int().min(100).default(120_000),
})

/** InfluxDB 1.x, its own or through a balancer: a database `warren_<tenant>` a tenant, made when it is missing. */
export const influx1 = defineMetricStore({
  type: 'influx1',
  settings,
  create: async (options): Promise<MetricStore> => {
    const connection = createConnection(options)
    return {
      write: (batch) => writeBatch(connection, batch),
      query: (query) => runQuery(connection, query),
      retain: (retention) => retain(connection, retention),
      // Goes through the server's own authorisation and its disk, as a write does.
      check: () => ensureDatabase(connection, databaseOf(defaultTenant)),
      close: async () => connection.sender.close(),
    }
  },
})
