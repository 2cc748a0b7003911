import type { Catalog } from '@warren/stores/catalog/catalog'

const everyMs = 2000

/** Whose series can be asked for as Cloudify named them: tenants with its senders. */
export interface SeriesNameUsers {
  has(tenant: string): boolean
}

/** Some seconds old at most; what was known holds while the catalog is away, which the status of the api tells. Ends with `draining`. */
export function watchSeriesNameUsers(
  { cloudifyDeployments }: Pick<Catalog, 'cloudifyDeployments'>,
  draining: AbortSignal,
): SeriesNameUsers {
  let tenants: ReadonlySet<string> = new Set()
  let isReading = false
  const read = async (): Promise<void> => {
    if (isReading) return
    isReading = true
    try {
      tenants = new Set(await cloudifyDeployments.tenants())
    } catch {
      // Asked again in two seconds.
    } finally {
      isReading = false
    }
  }
  void read()
  const timer = setInterval(() => void read(), everyMs)
  timer.unref()
  draining.addEventListener('abort', () => clearInterval(timer), { once: true })
  return { has: (tenant) => tenants.has(tenant) }
}
