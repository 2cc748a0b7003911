import { once } from 'node:events'
import { createServer } from 'node:http'
import { openBroker } from '@warren/broker/open'
import { createLog } from '@warren/platform/log'
import { runUntilSignal } from '@warren/platform/run-service'
import { openCatalog } from '@warren/stores/catalog/open'
import { readCollectorConfig } from './config.ts'
import { startCollector } from './serve.ts'
import { createTokenAuthenticate } from './token-authenticate.ts'

await runUntilSignal(async () => {
  const config = readCollectorConfig()
  const log = createLog({ service: 'collector', ...config.log })
  const catalog = await openCatalog({ url: config.catalogUrl.reveal() })
  const broker = openBroker({ url: config.amqpUrl.reveal(), name: 'warren-collector', log })
  const collector = startCollector({
    ...{ broker, log },
    authenticate: createTokenAuthenticate(catalog),
    settings: config.collector,
  })
  const server = createServer(collector.handler).listen(config.port, config.host)
  await once(server, 'listening')
  log.info('collector listens', { host: config.host, port: config.port })
  return {
    ended: collector.ended,
    close: async () => {
      server.close()
      await collector.close()
      server.closeAllConnections()
      await broker.close()
      await catalog.close()
    },
  }
})
