import type { LogStore } from '@warren/stores/logs/log-store'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { keepRetention, type RetentionOptions } from './keep-retention.ts'
import { keepRollups } from './keep-rollups.ts'
import { keepWords } from './keep-words.ts'
import { type DiskWatchOptions, watchDisk } from './watch-disk.ts'

interface StorageOptions
  extends RetentionOptions,
    Pick<DiskWatchOptions, 'publisher' | 'log' | 'registry'> {
  readonly metricStore: Pick<MetricStore, 'retain' | 'rollUp' | 'disk'>
  readonly logStore: Pick<LogStore, 'retain' | 'indexWords' | 'disk'>
  readonly settings: Pick<DiskWatchOptions, 'minFreeBytes'>
}

/** What is stored does not grow for ever: tenants keep what they want, old points as rollups, and a disk that is nearly full less. */
export function keepStorage(options: StorageOptions) {
  const { metricStore, logStore, settings, publisher, log, registry } = options
  const retention = keepRetention(options)
  const { rollUp } = metricStore
  const rollups =
    rollUp === undefined
      ? undefined
      : keepRollups({ ...options, rollUp: (nowMs) => rollUp.call(metricStore, nowMs) })
  const { indexWords } = logStore
  const words =
    indexWords === undefined
      ? undefined
      : keepWords({ ...options, indexWords: (nowMs) => indexWords.call(logStore, nowMs) })
  const disk = watchDisk({
    disks: {
      ...(metricStore.disk === undefined ? {} : { metrics: metricStore.disk }),
      ...(logStore.disk === undefined ? {} : { logs: logStore.disk }),
    },
    minFreeBytes: settings.minFreeBytes,
    ...{ publisher, log, registry },
  })
  return {
    health: () => [
      retention.health(),
      ...(rollups === undefined ? [] : [rollups.health()]),
      ...(words === undefined ? [] : [words.health()]),
      ...disk.health(),
    ],
    close: async () => {
      await Promise.all([retention.close(), rollups?.close(), words?.close(), disk.close()])
    },
  }
}
