import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { afterAll } from 'vitest'
import { rollupsContract } from './rollups.contract.ts'

let server: TestServer
afterAll(() => server.close())

rollupsContract('InfluxDB 1', {
  open: async () => {
    server = await startInfluxdb({ configuration: '[retention]\ncheck-interval = "1s"' })
    return openInflux1(server.url)
  },
})
