import { secretSchema } from '@warren/platform/secret'
import { z } from 'zod'
import { createInflux1 } from './influx1/create.ts'
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
  create: async (options): Promise<MetricStore> => createInflux1(options),
})
