import type { Delivery } from '@warren/broker/delivery'
import type { Health } from '@warren/contracts/http/status'
import { contentTypes } from '@warren/contracts/message'
import { type MetricMetadata, metricMetadataSchema } from '@warren/contracts/metric-metadata'
import { createHealthCell } from '@warren/platform/health-cell'
import type { MetricMetadataStore } from '@warren/stores/catalog/catalog'
import type { RefusedLine } from '../chunk.ts'
import type { Origin } from '../origin.ts'

/** Takes messages that say what fields mean, instead of carrying points. */
export interface MetadataTaker {
  takes(delivery: Pick<Delivery, 'properties'>): boolean
  /** Reads the body at once. Keeps what is new; what is no metadata is refused line by line. Rejects (retry) as the catalog does. */
  take(body: Buffer, origin: Pick<Origin, 'tenant'>): Promise<readonly RefusedLine[]>
  /** `poller/metadata`: yellow once a tenant has described as many fields as it may. */
  health(): Health
}

/** Fields that the senders of a tenant may describe. */
const maxNames = 20_000
/** Remembered of all tenants, so that what is unchanged is not written. */
const maxRemembered = 200_000

const nameOf = (tenant: string, { measurement, field }: MetricMetadata): string =>
  JSON.stringify([tenant, measurement, field])

interface Read {
  readonly entries: readonly MetricMetadata[]
  readonly refused: readonly RefusedLine[]
}

function parseLine(line: string): MetricMetadata | undefined {
  try {
    return metricMetadataSchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}

function read(body: Buffer): Read {
  const entries: MetricMetadata[] = []
  const refused: RefusedLine[] = []
  const lines = body.toString().split('\n')
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const entry = parseLine(line)
    const reason = 'not an object with measurement, field and unit, mtype or what'
    if (entry === undefined)
      refused.push({ index, code: 'malformed', reason, bytes: Buffer.from(line) })
    else entries.push(entry)
  }
  return { entries, refused }
}

export function createMetadataTaker(store: Pick<MetricMetadataStore, 'put'>): MetadataTaker {
  const remembered = new Map<string, string>()
  const health = createHealthCell('poller/metadata')
  health.set('green')
  const isNew = (tenant: string, entry: MetricMetadata): boolean =>
    remembered.get(nameOf(tenant, entry)) !== JSON.stringify(entry)
  return {
    takes: ({ properties }) => properties.contentType === contentTypes.metricMetadata,
    async take(body, { tenant }) {
      const { entries, refused } = read(body)
      const changed = entries.filter((entry) => isNew(tenant, entry))
      if (changed.length === 0) return refused
      // Also what did not fit is remembered: it would be asked for with every message.
      if ((await store.put(tenant, changed, maxNames)) === 'full')
        health.set(
          'yellow',
          `${tenant} describes more than ${maxNames} fields; new ones are left out`,
        )
      if (remembered.size + changed.length > maxRemembered) remembered.clear()
      for (const entry of changed) remembered.set(nameOf(tenant, entry), JSON.stringify(entry))
      return refused
    },
    health: health.read,
  }
}
