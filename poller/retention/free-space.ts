import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { LocalDisk, StoredDay } from '@warren/stores/retention'
import type { FileSystem } from './file-systems.ts'

export interface FreeSpaceOptions {
  /** Below it data are given up; 0: a tenth of the disk, 5 GiB at most. */
  readonly minFreeBytes: number
  /** `YYYY-MM-DD`; only days before it are given up. */
  readonly before: string
  readonly log: Log
  /** Hears of each day that was given up. */
  readonly gone: (stream: string, stored: StoredDay) => void
}

/** How a file system was left. */
export interface FreeSpace {
  readonly freeBytes: number
  readonly lowBytes: number
}

interface Candidate {
  readonly stream: string
  readonly disk: LocalDisk
  readonly stored: StoredDay
}

/** Once below the mark, so much more is freed that it is not reached again at once. */
const margin = 1.25
const maxMinFreeBytes = 5 * 1024 ** 3
/** Days that could not be given up, a look: what is in use now is not later. */
const maxBusy = 100

type Busy = Map<string, StoredDay[]>

/** Data as they came go before rollups, which are smaller and all that is left of theirs. */
const inOrder = ({ stored: a }: Candidate, { stored: b }: Candidate): number => {
  const isRollup = Number(a.rollup !== undefined) - Number(b.rollup !== undefined)
  return isRollup || (a.day < b.day ? -1 : 1)
}

/** The oldest day of any stream. A store that cannot say has none, as long as another does. */
async function findOldest({ disks }: FileSystem, before: string, busy: Busy) {
  const asked = await Promise.allSettled(
    [...disks].map(async ([stream, disk]): Promise<Candidate | undefined> => {
      const stored = await disk.oldest({ before, except: busy.get(stream) ?? [] })
      return stored === undefined ? undefined : { stream, disk, stored }
    }),
  )
  const found = asked
    .flatMap((answer) => (answer.status === 'fulfilled' ? (answer.value ?? []) : []))
    .sort(inOrder)
  const failure = asked.find((answer) => answer.status === 'rejected')
  if (found.length === 0 && failure !== undefined) throw failure.reason
  return found[0]
}

/** One look at a file system, and as many days as it takes. A day that cannot be given up now, since somebody reads it, is left out until the next look. */
export async function freeSpace(
  fileSystem: FileSystem,
  { minFreeBytes, before, log, gone }: FreeSpaceOptions,
): Promise<FreeSpace> {
  const { totalBytes, ...first } = await fileSystem.space()
  const lowBytes = minFreeBytes || Math.min(totalBytes / 10, maxMinFreeBytes)
  const busy: Busy = new Map([...fileSystem.disks.keys()].map((stream) => [stream, []]))
  let { freeBytes } = first
  const isLow = freeBytes < lowBytes
  for (let vain = 0; isLow && freeBytes < lowBytes * margin && vain < maxBusy; ) {
    const oldest = await findOldest(fileSystem, before, busy)
    if (oldest === undefined) break
    const { stream, disk, stored } = oldest
    try {
      await disk.drop(stored)
      log.warn('the disk is nearly full: a day is given up', { ...stored, stream, freeBytes })
      gone(stream, stored)
    } catch (error) {
      vain += 1
      busy.get(stream)?.push(stored)
      const reason = reasonOf(error)
      log.info('a day cannot be given up now', { ...stored, stream, reason })
    }
    freeBytes = (await fileSystem.space()).freeBytes
  }
  return { freeBytes, lowBytes }
}
