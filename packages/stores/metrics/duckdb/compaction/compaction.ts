import { stat, statfs } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { reasonOf } from '@warren/platform/errors'
import { toDayText } from '../../../duckdb/day.ts'
import type { DayFiles, Lease } from '../../../duckdb/day-files.ts'
import { removeDraft, writeDraft } from '../../../duckdb/draft-file.ts'
import type { MetricFileState } from '../file-state.ts'
import type { BatchWriter } from '../write-batch.ts'
import { copySorted, readGrowth } from './sorted-copy.ts'

interface CompactionOptions {
  /** This job's own. */
  readonly connection: DuckDBConnection
  readonly files: DayFiles<MetricFileState>
  readonly writer: BatchWriter
  /** Whether rollups have all of a day: until then they work on its file. */
  readonly isRolledUp: (tenant: string, day: number) => boolean
}

interface TenantDay {
  readonly tenant: string
  readonly day: number
}

const dayMs = 86_400_000
/** Past its end: most that comes late has come. */
const closedAfterMs = 6 * 3_600_000
/** Half a row group of DuckDB: less is read whole in no time, in any order. */
const minRows = 61_440
/** Late points stand at the end of the file; with more of them it is made again. */
const maxGrowth = 0.1
/** Looks for a moment in which nobody reads the file. */
const swapTries = 50
const swapEveryMs = 200
const interruptEveryMs = 50

const keyOf = ({ tenant, day }: TenantDay): string => `${tenant} ${day}`

/** Rewrites days that are over, sorted, one at a time. What it makes is put in place only when nobody wrote to the day meanwhile. */
export class Compaction {
  readonly #options: CompactionOptions
  /** Files that need nothing, so that a round does not open every file. */
  readonly #settled = new Set<string>()
  /** The day that is being copied, and whether it was written to since. */
  #copying: { readonly key: string; isTouched: boolean } | undefined

  #stop: () => Promise<void> = () => Promise.resolve()

  constructor(options: CompactionOptions) {
    this.#options = options
  }

  /** Before a day is written to. */
  touch(tenant: string, day: number): void {
    const key = keyOf({ tenant, day })
    this.#settled.delete(key)
    if (this.#copying?.key === key) this.#copying.isTouched = true
  }

  /** Compacts the next day that is over and needs it. Not twice at once. Answers why it could not, in words for people; ends soon once `signal` aborts. */
  async round(nowMs: number, given: AbortSignal): Promise<string | undefined> {
    const stopping = new AbortController()
    const signal = AbortSignal.any([given, stopping.signal])
    const ended = Promise.withResolvers<void>()
    this.#stop = () => {
      stopping.abort()
      return ended.promise
    }
    // Again and again: only what runs at that moment is interrupted.
    const interrupting = setInterval(() => {
      if (signal.aborted) this.#options.connection.interrupt()
    }, interruptEveryMs)
    try {
      return await this.#next(nowMs, signal)
    } finally {
      clearInterval(interrupting)
      ended.resolve()
    }
  }

  /** Ends what runs, soon: days are to be given up, and none shall be kept for being copied. */
  stop(): Promise<void> {
    return this.#stop()
  }

  async #next(nowMs: number, signal: AbortSignal): Promise<string | undefined> {
    let failure: string | undefined
    for (const each of await this.#candidates(nowMs)) {
      if (signal.aborted) return undefined
      try {
        if (await this.#compact(each, signal)) break
      } catch (cause) {
        // The next day may do better.
        failure ??= `compacting ${each.tenant}, ${toDayText(each.day)}: ${reasonOf(cause)}`
      }
    }
    return failure
  }

  /** The oldest first: newer days are read more, and may get late points. */
  async #candidates(nowMs: number): Promise<readonly TenantDay[]> {
    const { files, isRolledUp } = this.#options
    const end = Math.floor((nowMs - closedAfterMs) / dayMs)
    const found: TenantDay[] = []
    for (const tenant of await files.tenants())
      for (const day of await files.days(tenant))
        if (day < end && !this.#settled.has(keyOf({ tenant, day })) && isRolledUp(tenant, day))
          found.push({ tenant, day })
    return found.sort((a, b) => a.day - b.day)
  }

  /** Whether the day was rewritten. */
  async #compact(each: TenantDay, signal: AbortSignal): Promise<boolean> {
    const path = this.#options.files.path(each.tenant, each.day)
    try {
      const isDone = (await this.#draft(each)) && (await this.#swap(each, signal))
      if (isDone) this.#settled.add(keyOf(each))
      return isDone
    } catch (cause) {
      // Copied in parts, of which a write changed some.
      if (this.#copying?.isTouched) return false
      throw cause
    } finally {
      this.#copying = undefined
      await removeDraft(path)
    }
  }

  /** While no batch of the tenant is written: from here on `touch` tells of all that are. */
  #begin(each: TenantDay): Promise<Lease<MetricFileState> | undefined> {
    const { files, writer } = this.#options
    return writer.between(each.tenant, async () => {
      if (files.isLeased(each.tenant, each.day)) return undefined
      this.#copying = { key: keyOf(each), isTouched: false }
      return files.leaseForRead(each.tenant, each.day)
    })
  }

  /** False when the file needs none, is in use, or the disk has no room for it. */
  async #draft(each: TenantDay): Promise<boolean> {
    const lease = await this.#begin(each)
    if (lease === undefined) return false
    const { connection, files } = this.#options
    const { catalog } = lease
    const path = files.path(each.tenant, each.day)
    try {
      const isWanted = await this.#isWanted(each, catalog)
      if (!isWanted || !(await hasRoom(path))) return false
      const fill = (draft: string) => copySorted({ connection, catalog, draft })
      await writeDraft({ connection, path, catalog: `${catalog}.draft`, fill })
      return true
    } finally {
      lease.release()
    }
  }

  async #isWanted(each: TenantDay, catalog: string): Promise<boolean> {
    const { rows, sorted } = await readGrowth(this.#options.connection, catalog)
    if (rows >= minRows && (sorted === undefined || rows > sorted * (1 + maxGrowth))) return true
    if (this.#copying?.isTouched === false) this.#settled.add(keyOf(each))
    return false
  }

  /** Between two batches of the tenant, and while nobody reads it. False when the day was written to since, or is read all the time. */
  async #swap({ tenant, day }: TenantDay, signal: AbortSignal): Promise<boolean> {
    const { files, writer } = this.#options
    for (let tried = 0; tried < swapTries && !signal.aborted; tried++) {
      if (this.#copying?.isTouched !== false) return false
      const isSwapped = await writer.between(tenant, async () => {
        if (this.#copying?.isTouched !== false || files.isLeased(tenant, day)) return false
        await files.replace(tenant, day)
        return true
      })
      if (isSwapped) return true
      await new Promise((resolve) => setTimeout(resolve, swapEveryMs))
    }
    return false
  }
}

/** Sorting spills about as much as the copy takes. */
async function hasRoom(path: string): Promise<boolean> {
  const [{ size }, { bavail, bsize }] = await Promise.all([stat(path), statfs(path)])
  return bavail * bsize > 3 * size
}
