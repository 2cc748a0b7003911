import { openBroker } from '@warren/broker/open'
import { createLog } from '@warren/platform/log'
import type { BenchMessage } from './workload.ts'

const parallelPublishes = 8

/** Publishes every message with confirms; resolves with their bytes. */
export async function fill(
  url: string,
  messages: Iterator<BenchMessage, unknown>,
): Promise<number> {
  const log = createLog({ service: 'bench', level: 'error', pretty: true })
  const broker = openBroker({ url, name: 'bench', log })
  const publisher = broker.publisher()
  let bytes = 0
  const work = async () => {
    for (let next = messages.next(); next.done !== true; next = messages.next()) {
      bytes += next.value.body.length
      await publisher.publish(next.value)
    }
  }
  await Promise.all(Array.from({ length: parallelPublishes }, work))
  await broker.close()
  return bytes
}
