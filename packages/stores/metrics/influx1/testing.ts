import { influx1 } from '../influx1.ts'
import type { MetricStore } from '../metric-store.ts'

/** The metric store on a real InfluxDB 1.x, whose address this is. */
export const openInflux1 = (url: string): Promise<MetricStore> =>
  influx1.create(influx1.settings.parse({ url }), { dataDir: '' })
