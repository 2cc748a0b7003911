import type { Broker } from '@warren/broker/open'
import { type Stream, storageQueueName } from '@warren/contracts/topology'
import type { RateLimits } from '@warren/platform/rate'
import type { FairnessSettings } from './settings.ts'

/** The configured limits of tenants, as they fall to this poller. */
export interface Limits {
  has(tenant: string): boolean
  of(tenant: string): RateLimits
  close(): void
}

export interface LimitsOptions {
  readonly broker: Pick<Broker, 'queues'>
  readonly stream: Stream
  readonly settings: FairnessSettings
}

const countMs = 10_000
const none: RateLimits = {}

/** As many pollers consume the first storage queue, and messages come to each alike. */
export function createLimits({ broker, stream, settings }: LimitsOptions): Limits {
  let pollers = 1
  const count = async () => {
    try {
      const queue = await broker.queues.look(storageQueueName(stream, 0))
      if (queue !== undefined) pollers = Math.max(1, queue.consumers)
    } catch {
      // The broker is away, which others say; the last count holds.
    }
  }
  const limitsOf = (tenant: string): RateLimits =>
    (Object.hasOwn(settings.tenants, tenant) ? settings.tenants[tenant] : undefined) ?? settings
  const isLimited = ({ itemsPerSecond, bytesPerSecond }: RateLimits) =>
    itemsPerSecond !== undefined || bytesPerSecond !== undefined
  const isAnyLimited = [settings, ...Object.values(settings.tenants)].some(isLimited)
  const timer = isAnyLimited ? setInterval(() => void count(), countMs) : undefined
  const part = (rate: number | undefined) => (rate === undefined ? undefined : rate / pollers)
  return {
    has: (tenant) => isLimited(limitsOf(tenant)),
    of: (tenant) => {
      if (!isAnyLimited) return none
      const { itemsPerSecond, bytesPerSecond } = limitsOf(tenant)
      return { itemsPerSecond: part(itemsPerSecond), bytesPerSecond: part(bytesPerSecond) }
    },
    close: () => clearInterval(timer),
  }
}
