import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { databaseOf, isPlainName, tenantOfDatabase } from '@warren/contracts/names'
import { attachFile, attachNewFile } from './attach-file.ts'
import { parseDayText, toDayText } from './day.ts'
import { draftOf, removeDraft, syncPath } from './draft-file.ts'
import { storeError, toStoreError } from './store-error.ts'

export interface DayFile<State> {
  /** Quoted name of the attached database: tables are `${name}.t`. */
  readonly name: string
  /** The same without quotes, for appenders. */
  readonly catalog: string
  readonly day: number
  /** What the stream keeps in memory of it, from `prepare` until it is detached. */
  readonly state: State
}

/** Keeps a file attached until it is released. */
export interface Lease<State> extends DayFile<State> {
  release(): void
}

export interface DayFilesOptions<State> {
  /** The stream's own folder: `<dir>/warren_<tenant>/<YYYY-MM-DD>.duckdb`. */
  readonly dir: string
  /** For ATTACH, DETACH and CHECKPOINT only; never inside a transaction. */
  readonly connection: DuckDBConnection
  /** Names the attached files of one of several folders in one engine apart. */
  readonly catalogPrefix?: string
  /** Of a new file, bytes: small files are better off with less than DuckDB's 256 KiB. */
  readonly blockSize?: number
  /** Files that stay attached while nobody leases them, beside those just written to. */
  readonly maxIdle: number
  /** Milliseconds that never go back; those of the process unless said. */
  readonly nowMs?: () => number
  /** Makes the tables when they are absent, and loads what the stream keeps in memory. */
  readonly prepare: (file: Omit<DayFile<State>, 'state'>) => Promise<State>
}

interface Entry<State> {
  readonly file: Promise<DayFile<State>>
  leases: number
  /** When a write last asked for it, ms of the process. */
  writtenAtMs: number
}

/** A file that was written to so short a time ago will be again: tenants take turns, and opening reads all that is kept in memory of a file. */
const busyMs = 60_000
/** Such files that stay attached beside the idle ones. */
const maxBusy = 16

/** One DuckDB file a tenant and UTC day, attached on demand, detached when least recently used, and removable. */
export class DayFiles<State> {
  readonly #options: DayFilesOptions<State>
  /** By path; the order is that of use, oldest first. */
  readonly #attached = new Map<string, Entry<State>>()
  #detaching: Promise<void> = Promise.resolve()
  /** By path: nobody attaches a file that is being unlinked or replaced. */
  readonly #dropping = new Map<string, Promise<void>>()

  constructor(options: DayFilesOptions<State>) {
    this.#options = options
  }

  /** Attaches the file, making it if it is absent. Throws `file_corrupt`, `disk_full`, `store_locked`, `store_io`. */
  async leaseForWrite(tenant: string, day: number): Promise<Lease<State>> {
    await mkdir(this.#folder(tenant), { recursive: true })
    await this.#untilKept(this.path(tenant, day))
    return this.#lease(tenant, day, true)
  }

  /** Undefined when the tenant has no file of that day. */
  async leaseForRead(tenant: string, day: number): Promise<Lease<State> | undefined> {
    const path = this.path(tenant, day)
    await this.#untilKept(path)
    if (!this.#attached.has(path) && !existsSync(path)) return undefined
    return this.#lease(tenant, day, false)
  }

  /** Days (since the epoch) of which the tenant has a file, oldest first. */
  async days(tenant: string): Promise<readonly number[]> {
    const names = await readdir(this.#folder(tenant)).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return []
      throw toStoreError(cause)
    })
    return names
      .filter((name) => name.endsWith('.duckdb'))
      .map((name) => parseDayText(name.slice(0, -'.duckdb'.length)))
      .filter((day) => day !== undefined)
      .sort((a, b) => a - b)
  }

  path(tenant: string, day: number): string {
    return join(this.#folder(tenant), `${toDayText(day)}.duckdb`)
  }

  /** Detaches and unlinks the file and its log. Throws `store_failed` while it is leased. */
  drop(tenant: string, day: number): Promise<void> {
    const path = this.path(tenant, day)
    return this.#unattached(path, async () => {
      // The log first: one that a crash leaves behind would be read into the day's next file.
      await rm(`${path}.wal`, { force: true })
      await rm(path, { force: true })
      await removeDraft(path)
    })
  }

  /** Puts the day's draft (draft-file.ts) in the place of its file, whose content it has; a crash leaves the one or the other, whole. Throws `store_failed` while the file is leased. */
  replace(tenant: string, day: number): Promise<void> {
    const path = this.path(tenant, day)
    return this.#unattached(path, async () => {
      // It would be read into the draft.
      if (existsSync(`${path}.wal`))
        throw storeError('store_failed', `${path} has a log that could not be written into it`)
      await rename(draftOf(path), path)
      await syncPath(dirname(path))
    })
  }

  /** Detaches the file and keeps it so until `work` is done. */
  async #unattached(path: string, work: () => Promise<void>): Promise<void> {
    const done = this.#detachIdle(path).then(work)
    this.#dropping.set(
      path,
      done.catch(() => undefined),
    )
    try {
      await done
    } finally {
      this.#dropping.delete(path)
    }
  }

  /** What follows it at once finds no file that is on its way out. */
  async #untilKept(path: string): Promise<void> {
    while (this.#dropping.has(path)) await this.#dropping.get(path)
  }

  /** Tenants that have a folder. */
  async tenants(): Promise<readonly string[]> {
    const entries = await readdir(this.#options.dir, { withFileTypes: true }).catch(
      (cause: unknown) => {
        throw toStoreError(cause)
      },
    )
    return entries.flatMap((entry) =>
      entry.isDirectory() ? (tenantOfDatabase(entry.name) ?? []) : [],
    )
  }

  isLeased(tenant: string, day: number): boolean {
    return (this.#attached.get(this.path(tenant, day))?.leases ?? 0) > 0
  }

  /** Puts a file that cannot be opened out of the way, keeping it. Returns its new path. */
  async moveAside(tenant: string, day: number): Promise<string> {
    const path = this.path(tenant, day)
    await this.#detachIdle(path)
    let aside = `${path}.aside`
    for (let n = 1; existsSync(aside); n++) aside = `${path}.aside-${n}`
    await rename(path, aside)
    if (existsSync(`${path}.wal`)) await rename(`${path}.wal`, `${aside}.wal`)
    return aside
  }

  /** Writes every log into its file and detaches all. Nothing may be leased. */
  async close(): Promise<void> {
    for (const path of [...this.#attached.keys()]) await this.#detachIdle(path)
    await this.#detaching
  }

  #folder(tenant: string): string {
    if (!isPlainName(tenant)) throw new Error('BUG: not a tenant name')
    return join(this.#options.dir, databaseOf(tenant))
  }

  async #lease(tenant: string, day: number, isWrite: boolean): Promise<Lease<State>> {
    const path = this.path(tenant, day)
    const entry = this.#attached.get(path) ?? {
      file: this.#attach(tenant, day),
      leases: 0,
      writtenAtMs: Number.NEGATIVE_INFINITY,
    }
    if (isWrite) entry.writtenAtMs = this.#nowMs()
    this.#attached.delete(path)
    this.#attached.set(path, entry)
    entry.leases++
    try {
      const file = await entry.file
      let released = false
      const release = () => {
        if (released) return
        released = true
        entry.leases--
        this.#trim()
      }
      return { ...file, release }
    } catch (cause) {
      entry.leases--
      if (this.#attached.get(path) === entry) this.#attached.delete(path)
      throw cause
    }
  }

  async #attach(tenant: string, day: number): Promise<DayFile<State>> {
    const path = this.path(tenant, day)
    const { catalogPrefix = '' } = this.#options
    const catalog = `${catalogPrefix}${tenant}_${toDayText(day).replaceAll('-', '')}`
    const file = { name: `"${catalog}"`, catalog, day }
    // The same file may still be on its way out.
    await this.#detaching
    if (!existsSync(path)) await this.#create(path, file)
    return { ...file, state: await this.#open(path, file) }
  }

  /** Under another name first: DuckDB cannot open again what a crash left of a file it was making. */
  async #create(path: string, file: Omit<DayFile<State>, 'state'>): Promise<void> {
    const { connection, blockSize = 262_144 } = this.#options
    const draft = `${path}.new`
    try {
      await rm(draft, { force: true })
      await rm(`${draft}.wal`, { force: true })
      await attachNewFile(connection, draft, { name: file.name, blockSize })
      await this.#prepare(file)
      await connection.run(`CHECKPOINT ${file.name}`)
      await connection.run(`DETACH ${file.name}`)
      await rename(draft, path)
    } catch (cause) {
      await connection.run(`DETACH DATABASE IF EXISTS ${file.name}`).catch(() => undefined)
      throw toStoreError(cause)
    }
  }

  async #open(path: string, file: Omit<DayFile<State>, 'state'>): Promise<State> {
    await attachFile(this.#options.connection, path, file.name)
    return await this.#prepare(file)
  }

  async #prepare(file: Omit<DayFile<State>, 'state'>): Promise<State> {
    const { connection, prepare } = this.#options
    try {
      return await prepare(file)
    } catch (cause) {
      await connection.run(`DETACH ${file.name}`).catch(() => undefined)
      throw toStoreError(cause)
    }
  }

  #nowMs(): number {
    return this.#options.nowMs?.() ?? performance.now()
  }

  #trim(): void {
    const unused = [...this.#attached].filter(([, entry]) => entry.leases === 0)
    const busySince = this.#nowMs() - busyMs
    const busy = new Set(
      unused.filter(([, entry]) => entry.writtenAtMs > busySince).slice(-maxBusy),
    )
    const idle = unused.filter((entry) => !busy.has(entry))
    for (const [path, entry] of idle.slice(0, Math.max(0, idle.length - this.#options.maxIdle))) {
      this.#attached.delete(path)
      this.#detaching = this.#detaching.then(() => this.#detach(entry))
    }
  }

  async #detachIdle(path: string): Promise<void> {
    const entry = this.#attached.get(path)
    if (entry !== undefined) {
      if (entry.leases > 0) throw storeError('store_failed', `${path} is in use`)
      this.#attached.delete(path)
      this.#detaching = this.#detaching.then(() => this.#detach(entry))
    }
    await this.#detaching
  }

  /** Never throws: what a failed CHECKPOINT leaves in the log is read back from there at the next ATTACH. */
  async #detach(entry: Entry<State>): Promise<void> {
    const { connection } = this.#options
    const file = await entry.file.catch(() => undefined)
    if (file === undefined) return
    await connection.run(`CHECKPOINT ${file.name}`).catch(() => undefined)
    await connection.run(`DETACH ${file.name}`).catch(() => undefined)
  }
}
