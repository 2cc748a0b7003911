import { openBroker } from '@warren/broker/open'
import { warrenExchanges } from '@warren/contracts/topology'
import { createLog } from '@warren/platform/log'
import { runUntilSignal } from '@warren/platform/run-service'
import { readAnalyzerConfig } from './config.ts'
import { startAnalyzer } from './watch.ts'

await runUntilSignal(async () => {
  const config = readAnalyzerConfig()
  const log = createLog({ service: 'analyzer', ...config.log })
  const broker = openBroker({ url: config.amqpUrl.reveal(), name: 'warren-analyzer', log })
  broker.declare(warrenExchanges, [])
  const analyzer = startAnalyzer({ broker, settings: config.analyzer, log })
  return {
    ended: analyzer.ended,
    close: async () => {
      await analyzer.close()
      await broker.close()
    },
  }
})
