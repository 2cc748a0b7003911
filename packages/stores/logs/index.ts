// The registry of log stores. To add one: write its file and its test, then add a line here.
export { duckdb } from './duckdb.ts'
export { elasticsearch } from './elasticsearch.ts'
