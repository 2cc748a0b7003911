import type { LogStore } from '@warren/stores/logs/log-store'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { keepRetention, type RetentionOptions } from './keep-retention.ts'
import { type DiskWatchOptions, watchDisk } from './watch-disk.ts'

interface StorageOptions
  extends RetentionOptions,
    Pick<DiskWatchOptions, 'publisher' | 'log' | 'registry'> {
  readonly metricStore: Pick<MetricStore, 'retain' | 'disk'>
  readonly logStore: Pick<LogStore, 'retain' | 'disk'>
  readonly settings: Pick<DiskWatchOptions, 'minFreeBytes'>
}

/** What is stored does not grow for ever: tenants keep what they want, and a disk that is nearly full less. */
export function keepStorage(options: StorageOptions) {
  const { metricStore, logStore, settings, publisher, log, registry } = options
  const retention = keepRetention(options)
  const disk = watchDisk({
    disks: {
      ...(metricStore.disk === undefined ? {} : { metrics: metricStore.disk }),
      ...(logStore.disk === undefined ? {} : { logs: logStore.disk }),
    },
    minFreeBytes: settings.minFreeBytes,
    ...{ publisher, log, registry },
  })
  return {
    health: () => [retention.health(), ...disk.health()],
    close: async () => {
      await Promise.all([retention.close(), disk.close()])
    },
  }
}
