export { elasticsearch } from './elasticsearch.ts'
export { influxdb } from './influxdb.ts'
export { loki } from './loki.ts'
export { prometheus } from './prometheus.ts'
