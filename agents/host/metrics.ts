import { setTimeout as sleep } from 'node:timers/promises'
import { newMessageId } from '@warren/broker/message-id'
import type { Publisher } from '@warren/broker/publisher'
import { contentTypes } from '@warren/contracts/message'
import { exchanges } from '@warren/contracts/topology'
import { backoffMs } from '@warren/platform/backoff'
import { reasonOf } from '@warren/platform/errors'
import type { HealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { SpoolRecord } from '@warren/spool/record'
import type { Spool } from '@warren/spool/spool'
import type { Collection } from './collect.ts'
import type { AgentConfig } from './config.ts'
import { encode } from './encode.ts'
import { runAligned } from './schedule.ts'

export interface MetricsOptions {
  readonly collection: Collection
  readonly spool: Spool
  readonly publisher: Publisher
  /** Routing key of every message. */
  readonly key: string
  readonly config: Pick<AgentConfig, 'intervalMs' | 'compression'>
  readonly health: HealthCell
  readonly log: Log
}

const soonMs = 1000
const retry = { firstMs: 500, maxMs: 15_000 }

/** Collects at each tick into the spool, and sends the spool; resolves after the signal, when the last tick is stored. */
export async function runMetrics(options: MetricsOptions, signal: AbortSignal): Promise<void> {
  const { collection, spool, config, health, log } = options
  const sender = createSender(options, signal)

  /** What it says holds until the spool takes a collection again: then it is sent, and the sender says how that went. */
  const sendWithoutSpool = async (record: SpoolRecord, why: unknown): Promise<void> => {
    const ofSpool = `the spool takes nothing (${reasonOf(why)})`
    log.warn(`${ofSpool}; sending without it`)
    try {
      await sender.send(record)
      health.set('yellow', `${ofSpool}: collections are sent without it`)
    } catch (error) {
      const reason = `a collection is lost: ${ofSpool}, nor does the broker (${reasonOf(error)})`
      health.set('red', reason)
      log.error(reason)
    }
  }
  const store = async (record: SpoolRecord): Promise<void> => {
    try {
      await spool.append(record)
    } catch (error) {
      return sendWithoutSpool(record, error)
    }
    sender.wake()
  }

  /** Being stored: a slow disk holds up no tick. */
  const storing = new Set<Promise<void>>()
  const tick = async (tickMs: number): Promise<void> => {
    const lines = await collection.collect(tickMs)
    if (lines === '') return
    const stored = store({
      messageId: newMessageId(),
      ...(await encode(lines, config.compression)),
    })
      .catch((error: unknown) => {
        log.error('BUG: storing a collection', { reason: reasonOf(error) })
      })
      .finally(() => storing.delete(stored))
    storing.add(stored)
  }

  await Promise.all([
    runAligned({ everyMs: config.intervalMs, soonMs, signal }, tick),
    sender.run(),
  ])
  await Promise.all(storing)
  collection.close()
}

/** Sends what is in the spool, again and again; one at a time, so that the oldest arrive first. */
function createSender({ spool, publisher, key, health, log }: MetricsOptions, signal: AbortSignal) {
  let woken = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => woken.resolve())

  const send = ({ messageId, contentEncoding, body }: SpoolRecord): Promise<void> =>
    publisher.publish({
      exchange: exchanges.metrics,
      key,
      body,
      contentType: contentTypes.lineProtocol,
      contentEncoding,
      messageId,
    })

  const drain = async (attempt: number): Promise<number> => {
    try {
      await spool.drain(send)
      health.set('green')
      return 0
    } catch (error) {
      const reason = reasonOf(error)
      if (attempt === 0) log.warn('metrics wait in the spool', { reason })
      health.set('red', `metrics wait in the spool (${spool.bytes} bytes): ${reason}`)
      await sleep(backoffMs(attempt, retry), undefined, { signal }).catch(() => undefined)
      return attempt + 1
    }
  }

  return {
    send,
    wake: () => woken.resolve(),
    run: async () => {
      let attempt = 0
      while (!signal.aborted) {
        attempt = await drain(attempt)
        if (attempt > 0) continue
        await woken.promise
        if (!signal.aborted) woken = Promise.withResolvers<void>()
      }
      // What came last is worth one try; it stays in the spool else.
      if (attempt === 0) await spool.drain(send).catch(() => undefined)
    },
  }
}
