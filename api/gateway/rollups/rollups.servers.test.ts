import { influx1 } from '@warren/stores/metrics/influx1'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { afterAll } from 'vitest'
import { rollupsContract } from './rollups.contract.ts'

let server: TestServer
afterAll(() => server.close())

rollupsContract('InfluxDB 1', {
  open: async () => {
    server = await startInfluxdb({ configuration: '[retention]\ncheck-interval = "1s"' })
    return influx1.create(influx1.settings.parse({ url: server.url }), { dataDir: '' })
  },
})
