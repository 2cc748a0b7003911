import { type LateSpan, unannouncedMs } from '@warren/contracts/late-data'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import type { LocalDisk } from '@warren/stores/retention'
import type { Announcer } from './announcer.ts'
import { type BatchTimes, timesOf } from './late-spans.ts'

/** A write that takes longer has made points late which were not. */
const slowMs = 15_000

function toAnnounce({ late, whole }: BatchTimes, tookMs: number): readonly LateSpan[] {
  return tookMs <= slowMs || whole === undefined ? late : [whole]
}

/** Any time and every measurement. */
const everything: LateSpan = { oldestMs: -8.64e15, newestMs: 8.64e15 }

type Stored = Pick<MetricStore, 'write' | 'check' | 'retain' | 'rollUp' | 'disk'>

const announcingDisk = (disk: LocalDisk, announce: Announcer['announce']): LocalDisk => ({
  folder: disk.folder,
  oldest: (wish) => disk.oldest(wish),
  drop: async (stored) => {
    await disk.drop(stored)
    await announce(stored.tenant, [everything])
  },
})

/** The store, whose writes are done when what came late with them is announced: a poller that is killed in between gets the batch again. What goes is announced as all of its tenant: it happens once a day. */
export function announcingStore(
  store: Stored,
  { announce }: Announcer,
  now: () => number = Date.now,
): Stored {
  return {
    ...store,
    check: () => store.check(),
    write: async (batch) => {
      const startedMs = now()
      // Before it is written: a store may have released its bytes by then.
      const times = timesOf(batch, startedMs - unannouncedMs + slowMs)
      const outcome = await store.write(batch)
      await announce(batch.tenant, toAnnounce(times, now() - startedMs))
      return outcome
    },
    retain: async (retention) => {
      const gone = await store.retain(retention)
      if (gone.length > 0) await announce(retention.tenant, [everything])
      return gone
    },
    ...(store.disk === undefined ? {} : { disk: announcingDisk(store.disk, announce) }),
  }
}
