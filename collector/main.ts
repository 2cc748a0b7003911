import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { openBroker } from '@warren/broker/open'
import { answerClientErrors } from '@warren/platform/answer-client-errors'
import { createLog } from '@warren/platform/log'
import { type Closeable, runUntilSignal } from '@warren/platform/run-service'
import { partsOf, startServiceAdmin } from '@warren/platform/service-admin'
import { openCatalog } from '@warren/stores/catalog/open'
import { Registry } from 'prom-client'
import { readCollectorConfig } from './config.ts'
import { startCollector } from './serve.ts'
import { createTokenAuthenticate } from './token-authenticate.ts'

async function start(): Promise<Closeable> {
  const config = readCollectorConfig()
  const log = createLog({ service: 'collector', ...config.log })
  const catalog = await openCatalog({ url: config.catalogUrl.reveal() })
  const ca = config.amqpCaFile === undefined ? undefined : readFileSync(config.amqpCaFile, 'utf8')
  const broker = openBroker({ url: config.amqpUrl.reveal(), name: 'warren-collector', log, ca })
  const registry = new Registry()
  const collector = await startCollector({
    ...{ broker, log, registry },
    authenticate: createTokenAuthenticate(catalog),
    settings: config.collector,
    spoolFolder: join(config.dataDir, 'spool'),
  })
  const server = createServer(collector.handler)
  answerClientErrors(server)
  server.listen(config.httpPort, config.httpHost)
  await once(server, 'listening')
  const admin = await startServiceAdmin({
    ...{ config, registry },
    health: () => [...collector.health(), ...partsOf('collector', broker.health())],
  })
  log.info('collector listens', { address: server.address(), adminPort: admin.port })
  return {
    ended: collector.ended,
    close: async () => {
      admin.drain()
      server.close()
      await collector.close()
      server.closeAllConnections()
      await broker.close()
      await catalog.close()
      await admin.close()
    },
  }
}

await runUntilSignal(start)
