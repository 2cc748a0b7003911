import { readFileSync } from 'node:fs'
import { openBroker } from '@warren/broker/open'
import { warrenExchanges } from '@warren/contracts/topology'
import { createLog } from '@warren/platform/log'
import { type Closeable, runUntilSignal } from '@warren/platform/run-service'
import { partsOf, startServiceAdmin } from '@warren/platform/service-admin'
import { readAnalyzerConfig } from './config.ts'
import { startAnalyzer } from './watch.ts'

async function start(): Promise<Closeable> {
  const config = readAnalyzerConfig()
  const log = createLog({ service: 'analyzer', ...config.log })
  const ca = config.amqpCaFile === undefined ? undefined : readFileSync(config.amqpCaFile, 'utf8')
  const broker = openBroker({ url: config.amqpUrl.reveal(), name: 'warren-analyzer', log, ca })
  broker.declare(warrenExchanges, [])
  const analyzer = startAnalyzer({ broker, settings: config.analyzer, log })
  const admin = await startServiceAdmin({
    config,
    health: () => [...analyzer.health(), ...partsOf('analyzer', broker.health())],
  })
  log.info('analyzer runs', { adminPort: admin.port })
  return {
    ended: analyzer.ended,
    close: async () => {
      admin.drain()
      await analyzer.close()
      await broker.close()
      await admin.close()
    },
  }
}

await runUntilSignal(start)
