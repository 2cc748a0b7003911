import { createInflux2 } from './influx2/create.ts'
import { influx2Settings } from './influx2/settings.ts'
import { defineMetricStore, type MetricStore } from './metric-store.ts'

/** InfluxDB 2, and what takes its `/api/v2/write`: a bucket `warren_<tenant>` a tenant, which the operator makes. It is read with a token of each tenant's own.
 *  No InfluxDB 2 server has been run against yet. */
export const influx2 = defineMetricStore({
  type: 'influx2',
  settings: influx2Settings,
  create: async (settings): Promise<MetricStore> => createInflux2(settings),
})
