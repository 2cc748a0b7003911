import { duckdb } from '@warren/stores/metrics/duckdb'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { storedPoints } from './stored-points.ts'

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Answers the windows made. */
async function rollUp(store: MetricStore): Promise<number> {
  let windows = 0
  for (;;) {
    // Tomorrow every window is over.
    const round = await store.rollUp?.(Date.now() + 86_400_000)
    if (round === undefined || round.failed.length > 0) throw new Error(round?.failed.join())
    windows += round.windows
    if (round.waiting === 0) return windows
  }
}

const maxShare = 0.1

async function run({ items = 3_000_000, names }: BenchOptions): Promise<Measured> {
  const dataDir = await makeTempDir('bench-rollups')
  const store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
  try {
    let writing = 0
    for (const batch of storedPoints({ count: items, names })) {
      const before = cpuSeconds()
      await store.write(batch)
      writing += cpuSeconds() - before
    }
    const [before, beforeMs] = [cpuSeconds(), performance.now()]
    const windows = await rollUp(store)
    const rolling = cpuSeconds() - before
    return {
      value: rolling / writing,
      unit: 'of the CPU time that writing took',
      mark: `<= ${maxShare}`,
      holds: rolling / writing <= maxShare,
      details: {
        items,
        windows,
        writingCpuSecondsPerMillion: (writing / items) * 1e6,
        rollingCpuSecondsPerMillion: (rolling / items) * 1e6,
        rollingSeconds: (performance.now() - beforeMs) / 1000,
      },
    }
  } finally {
    await store.close()
    await removeTempDir(dataDir)
  }
}

export const rollups: Bench = {
  about: 'what rolling points up costs beside writing them, embedded store',
  run,
}
