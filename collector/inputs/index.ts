export { influxdb } from './influxdb.ts'
export { prometheus } from './prometheus.ts'
