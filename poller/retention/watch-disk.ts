import type { Publisher } from '@warren/broker/publisher'
import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import { counter } from '@warren/platform/metrics'
import type { LocalDisk, StoredDay } from '@warren/stores/retention'
import type { Registry } from 'prom-client'
import { announceGivenUp } from './announce-given-up.ts'
import { type FileSystem, findFileSystems, type ReadSpace, spaceOf } from './file-systems.ts'
import { type FreeSpace, freeSpace } from './free-space.ts'

export interface DiskWatchOptions {
  /** By stream; those of stores that have none are left out. */
  readonly disks: Readonly<Record<string, LocalDisk>>
  /** Of each disk: below it data are given up; 0: a tenth of the disk, 5 GiB at most. */
  readonly minFreeBytes: number
  readonly publisher: Pick<Publisher, 'publish'>
  readonly log: Log
  readonly registry: Registry
  readonly now?: () => number
  readonly space?: ReadSpace
}

/** What is to be said of one file system, or of one that could not be looked at. */
interface Finding {
  readonly state: 'green' | 'yellow' | 'red'
  readonly reason?: string
}

interface Given {
  readonly text: string
  readonly atMs: number
}

const everyMs = 15_000
const dayMs = 86_400_000
/** How long a person sees that something was given up. */
const shownMs = 3_600_000

const toMb = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`

function toFinding(
  streams: string,
  { freeBytes, lowBytes }: FreeSpace,
  last: Given | undefined,
): Finding {
  const disk = `the disk of ${streams}`
  if (freeBytes < lowBytes) {
    const room = `${toMb(freeBytes)} free, ${toMb(lowBytes)} wanted`
    return {
      state: 'red',
      reason: `${disk} is nearly full: ${room}, and no day that is older than yesterday can be given up now`,
    }
  }
  if (last === undefined) return { state: 'green' }
  return { state: 'yellow', reason: `${disk} was nearly full: ${last.text}` }
}

const toWords = (stream: string, { tenant, day, rollup }: StoredDay): string =>
  rollup === undefined
    ? `the ${stream} of ${tenant} of ${day}`
    : `the ${rollup} rollups of ${tenant} from ${day}`

const worstOf = (findings: readonly Finding[]): Finding['state'] =>
  (['red', 'yellow'] as const).find((one) => findings.some(({ state }) => state === one)) ?? 'green'

/** Looks at every file system once; what was given up of each is remembered for a while. */
function createLook(options: DiskWatchOptions) {
  const { disks, minFreeBytes, publisher, log, registry } = options
  const { now = Date.now, space = spaceOf } = options
  const name = 'warren_poller_days_given_up_total'
  const help = 'Days of data deleted because the disk was nearly full'
  const given = counter(registry, { name, help, labels: ['stream'] })
  const last = new Map<number, Given>()

  const lookAt = async (id: number, fileSystem: FileSystem): Promise<Finding> => {
    const gone = (stream: string, stored: StoredDay): void => {
      given.inc({ stream })
      const text = `gave up ${toWords(stream, stored)}`
      last.set(id, { text, atMs: now() })
      announceGivenUp({ publisher, log, atMs: now(), stored, text })
    }
    const before = new Date(now() - dayMs).toISOString().slice(0, 10)
    const left = await freeSpace(fileSystem, { minFreeBytes, before, log, gone })
    const shown = last.get(id)
    const isRecent = shown !== undefined && now() - shown.atMs < shownMs
    return toFinding([...fileSystem.disks.keys()].join(' and '), left, isRecent ? shown : undefined)
  }
  return async (): Promise<readonly Finding[]> => {
    const { fileSystems, failures } = await findFileSystems(disks, space)
    const looks = [...fileSystems].map(([id, fileSystem]) => lookAt(id, fileSystem))
    const answers = await Promise.allSettled(looks)
    const toTrouble = (error: unknown): Finding => ({ state: 'yellow', reason: reasonOf(error) })
    return [
      ...failures.map(toTrouble),
      ...answers.map((one) => (one.status === 'fulfilled' ? one.value : toTrouble(one.reason))),
    ]
  }
}

/** Gives up the oldest days of embedded stores while their disk is nearly full, loudly: log, health, event, counter; stores on disks of their own are looked at apart. Today and yesterday stay; when only
 *  they are left, writes wait once the disk is full, and the broker holds what comes. */
export function watchDisk(options: DiskWatchOptions) {
  const hasDisks = Object.keys(options.disks).length > 0
  const health = createHealthCell('poller/disk')
  health.set('green')
  const look = createLook(options)
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let isClosed = false
  const run = async () => {
    const findings = await look()
    const reasons = findings.flatMap(({ reason }) => reason ?? [])
    health.set(worstOf(findings), reasons.length === 0 ? undefined : reasons.join('; '))
    if (!isClosed) timer = setTimeout(start, everyMs)
  }
  const start = () => {
    running = run()
  }
  if (hasDisks) start()
  return {
    /** None where no store keeps its files here. */
    health: () => (hasDisks ? [health.read()] : []),
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      await running
    },
  }
}
