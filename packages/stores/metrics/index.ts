export { duckdb } from './duckdb.ts'
export { influx1 } from './influx1.ts'
export { influx2 } from './influx2.ts'
