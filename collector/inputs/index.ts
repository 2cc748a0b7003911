export { elasticsearch } from './elasticsearch.ts'
export { influxdb } from './influxdb.ts'
export { prometheus } from './prometheus.ts'
