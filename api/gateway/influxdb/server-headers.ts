/** The version whose dialect the gateway speaks: https://docs.influxdata.com/influxdb/v1/tools/api/ */
export const version = '1.8.10'

/** With every answer. */
export const serverHeaders = {
  'X-Influxdb-Version': version,
  'X-Influxdb-Build': 'OSS',
} as const
