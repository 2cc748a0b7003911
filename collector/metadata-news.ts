import type { MetricMetadata } from '@warren/contracts/metric-metadata'

/** What fields mean is said with every request; here is what of it was not sent on yet. */
export interface MetadataNews {
  /** Each as one JSON object, without line feed. */
  unsent(tenant: string, metadata: readonly MetricMetadata[]): readonly string[]
  /** To be called once what `unsent` gave is safe. */
  sent(tenant: string, metadata: readonly MetricMetadata[]): void
}

interface NewsOptions {
  /** Fields that are remembered; those sent longest ago are forgotten first. */
  readonly maxFields: number
  /** After it a field is news again: its tenant may have been made anew. */
  readonly forgetMs: number
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

interface Said {
  readonly meaning: string
  readonly atMs: number
}

const keyOf = (tenant: string, { measurement, field }: MetricMetadata): string =>
  `${tenant}\n${measurement}\n${field}`

const meaningOf = ({ unit, mtype, what }: MetricMetadata): string => [unit, mtype, what].join('\n')

export function createMetadataNews({
  maxFields,
  forgetMs,
  now = () => performance.now(),
}: NewsOptions): MetadataNews {
  const said = new Map<string, Said>()
  const isNew = (tenant: string, one: MetricMetadata): boolean => {
    const last = said.get(keyOf(tenant, one))
    return last === undefined || last.meaning !== meaningOf(one) || now() - last.atMs > forgetMs
  }
  return {
    unsent: (tenant, metadata) => {
      const lines = metadata.filter((one) => isNew(tenant, one)).map((one) => JSON.stringify(one))
      return [...new Set(lines)]
    },
    sent: (tenant, metadata) => {
      for (const one of metadata) {
        if (!isNew(tenant, one)) continue
        const key = keyOf(tenant, one)
        said.delete(key)
        said.set(key, { meaning: meaningOf(one), atMs: now() })
        const [oldest] = said.keys()
        if (said.size > maxFields && oldest !== undefined) said.delete(oldest)
      }
    },
  }
}
