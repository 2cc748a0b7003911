import { statfs } from 'node:fs/promises'
import type { Publisher } from '@warren/broker/publisher'
import type { WarrenEvent } from '@warren/contracts/event'
import { contentTypes } from '@warren/contracts/message'
import { toRoutingKey } from '@warren/contracts/routing-key'
import { exchanges } from '@warren/contracts/topology'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import { createHealthCell, type HealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import { counter } from '@warren/platform/metrics'
import type { LocalDisk, StoredDay } from '@warren/stores/retention'
import type { Counter, Registry } from 'prom-client'

export interface DiskSpace {
  readonly freeBytes: number
  readonly totalBytes: number
}

export interface DiskWatchOptions {
  /** By stream; those of stores that have none are left out. */
  readonly disks: Readonly<Record<string, LocalDisk>>
  /** Below it data are given up; 0: a tenth of the disk, 5 GiB at most. */
  readonly minFreeBytes: number
  readonly publisher: Pick<Publisher, 'publish'>
  readonly log: Log
  readonly registry: Registry
  readonly now?: () => number
  /** Of the disk that a folder is on. */
  readonly space?: (folder: string) => Promise<DiskSpace>
}

const everyMs = 15_000
const dayMs = 86_400_000
/** Once below the mark, so much more is freed that it is not reached again at once. */
const margin = 1.25
const maxMinFreeBytes = 5 * 1024 ** 3
/** How long a person sees that something was given up. */
const shownMs = 3_600_000

async function spaceOf(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

const toMb = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`

interface Watch extends Required<DiskWatchOptions> {
  readonly health: HealthCell
  readonly given: Counter
  last: { readonly text: string; readonly atMs: number } | undefined
}

/** Gives up the oldest days of embedded stores while their disk is nearly full, loudly: log, health, event, counter. Today and yesterday stay; when only they are left, writes wait once the disk is full,
 *  and the broker holds what comes. */
export function watchDisk(options: DiskWatchOptions) {
  const watch = toWatch(options)
  const { health } = watch
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let isClosed = false
  const run = async () => {
    await freeSpace(watch).catch((error: unknown) => health.set('yellow', reasonOf(error)))
    if (!isClosed) timer = setTimeout(start, everyMs)
  }
  const start = () => {
    running = run()
  }
  if (Object.keys(options.disks).length > 0) start()
  return {
    /** None where no store keeps its files here. */
    health: () => (Object.keys(options.disks).length > 0 ? [health.read()] : []),
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      await running
    },
  }
}

function toWatch(options: DiskWatchOptions): Watch {
  const health = createHealthCell('poller/disk')
  health.set('green')
  const name = 'warren_poller_days_given_up_total'
  const help = 'Days of data deleted because the disk was nearly full'
  const given = counter(options.registry, { name, help, labels: ['stream'] })
  return { now: Date.now, space: spaceOf, ...options, health, given, last: undefined }
}

/** One look, and as many days as it takes. */
export async function freeSpace(watch: Watch): Promise<void> {
  const [disk] = Object.values(watch.disks)
  if (disk === undefined) return
  let { freeBytes, totalBytes } = await watch.space(disk.folder)
  const low = watch.minFreeBytes || Math.min(totalBytes / 10, maxMinFreeBytes)
  const isLow = freeBytes < low
  while (isLow && freeBytes < low * margin) {
    if (!(await giveUpOldest(watch, freeBytes))) break
    freeBytes = (await watch.space(disk.folder)).freeBytes
  }
  show(watch, freeBytes, low)
}

function show({ health, last, now }: Watch, freeBytes: number, low: number): void {
  const room = `${toMb(freeBytes)} free, ${toMb(low)} wanted`
  if (freeBytes < low)
    health.set(
      'red',
      `the disk is nearly full: ${room}, and no day that is older than yesterday can be given up now`,
    )
  else if (last !== undefined && now() - last.atMs < shownMs)
    health.set('yellow', `the disk was nearly full: ${last.text}`)
  else health.set('green')
}

/** False when there is nothing left to give up. */
async function giveUpOldest(watch: Watch, freeBytes: number): Promise<boolean> {
  const oldest = await findOldest(watch)
  if (oldest === undefined) return false
  const { stream, disk, stored } = oldest
  await disk.drop(stored)
  watch.given.inc({ stream })
  const text = `gave up the ${stream} of ${stored.tenant} of ${stored.day}`
  watch.last = { text, atMs: watch.now() }
  watch.log.warn('the disk is nearly full', { ...stored, stream, freeBytes, gone: text })
  announce(watch, stored, text)
  return true
}

async function findOldest({ disks, now }: Watch) {
  const before = new Date(now() - dayMs).toISOString().slice(0, 10)
  let found: { stream: string; disk: LocalDisk; stored: StoredDay } | undefined
  for (const [stream, disk] of Object.entries(disks)) {
    const stored = await disk.oldest(before)
    if (stored !== undefined && (found === undefined || stored.day < found.stored.day))
      found = { stream, disk, stored }
  }
  return found
}

/** An event that the broker does not take is in the log all the same. */
function announce({ publisher, log, now }: Watch, { tenant, day }: StoredDay, text: string): void {
  const event: WarrenEvent = {
    type: 'platform_event',
    event_type: 'data_given_up',
    timestamp: new Date(now()).toISOString(),
    message: { text },
    context: { tenant, day },
  }
  publisher
    .publish({
      exchange: exchanges.events,
      key: toRoutingKey(tenant, undefined, 'platform'),
      body: Buffer.from(`${JSON.stringify(event)}\n`),
      contentType: contentTypes.ndjson,
    })
    .catch((error: unknown) => {
      // Nobody listens.
      if (error instanceof WarrenError && error.code === 'unroutable') return
      log.warn('an event was not sent', { reason: reasonOf(error) })
    })
}
