import { mkdir, readdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Publisher } from '@warren/broker/publisher'
import type { Stream } from '@warren/contracts/topology'
import type { Log } from '@warren/platform/log'
import { openSpool } from '@warren/spool/spool'
import { createLane, type Lane } from './lane.ts'

export interface SidingsOptions {
  readonly stream: Stream
  /** Of these sidings alone, a folder in it a tenant; made when it is needed. */
  readonly folder: string
  /** What a siding may have on disk besides what it has taken over, asked at each write; `bytes` are those that all sidings have but this one. */
  readonly maxBytes: (bytes: number) => number
  readonly openPublisher: () => Publisher
  readonly log: Log
  readonly dropped: () => void
  readonly opened: () => void
}

/** Lanes of their own for tenants whose messages the broker does not take while it takes those of others. */
export interface Sidings {
  /** The siding of the tenant that a routing key names; all its messages go there, once there is one. */
  of(key: string): Lane | undefined
  /** Opens one. Undefined when as many as there may be are in use: then the broker refuses nearly everybody, and waiting is right. */
  open(key: string, reason: string): Promise<Lane | undefined>
  readonly bytes: number
  /** How much of whose messages waits and why, for the health of the collector. */
  readonly reservations: readonly string[]
  /** Leaves on disk what was not sent. */
  close(): Promise<void>
}

/** Each has a channel of its own. */
const maxSidings = 64
const maxNamed = 5
/** A refusal closes the siding's channel and is a line in the broker's log. */
const retry = { firstMs: 1_000, maxMs: 10_000 }

/** As it stands in the key: percent-encoded, so that it can be a file's name too. */
const tenantWord = (key: string): string => {
  const word = key.split('.', 1)[0] ?? ''
  if (!/^[\w%-]+$/.test(word)) throw new Error('BUG: a routing key without a tenant')
  return word
}

const isNotEmpty = async (folder: string): Promise<boolean> => (await readdir(folder)).length > 0

/** Opens those that an earlier process left. */
export async function openSidings(options: SidingsOptions): Promise<Sidings> {
  const { stream, folder, log, opened } = options
  const lanes = new Map<string, Lane>()

  const bytesBut = (tenant?: string): number =>
    [...lanes].reduce((sum, [name, { bytes }]) => (name === tenant ? sum : sum + bytes), 0)

  const add = async (tenant: string): Promise<Lane> => {
    const dir = join(folder, tenant)
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const maxBytes = () => options.maxBytes(bytesBut(tenant))
    const spool = await openSpool({ dir, maxBytes, whenFull: 'refuse' })
    const publisher = options.openPublisher()
    const what = { stream, tenant }
    const lane = createLane({ ...options, what, spool, publisher, retry, log })
    lanes.set(tenant, lane)
    return lane
  }
  const closeIdle = async (): Promise<void> => {
    for (const [tenant, lane] of lanes) {
      if (!lane.isIdle) continue
      lanes.delete(tenant)
      await lane.close()
      await rmdir(join(folder, tenant)).catch(() => undefined)
    }
  }
  const left = await readdir(folder).catch(() => [])
  for (const tenant of left) if (await isNotEmpty(join(folder, tenant))) await add(tenant)

  return {
    of: (key) => lanes.get(tenantWord(key)),
    open: async (key, reason) => {
      const tenant = tenantWord(key)
      if (lanes.size >= maxSidings) await closeIdle()
      if (lanes.size >= maxSidings) return undefined
      log.warn('messages of a tenant are set aside', { stream, tenant, reason })
      opened()
      return add(tenant)
    },
    get bytes() {
      return bytesBut()
    },
    get reservations() {
      const waiting = [...lanes].filter(([, { bytes }]) => bytes > 0)
      const named = waiting.slice(0, maxNamed).map(([tenant, { bytes, trouble }]) => {
        return `${bytes} bytes of ${stream} of the tenant ${tenant} wait on disk: ${trouble}`
      })
      const more = waiting.length - named.length
      return more > 0 ? [...named, `so do ${stream} of ${more} more tenants`] : named
    },
    close: async () => {
      await Promise.all([...lanes.values()].map((lane) => lane.close()))
    },
  }
}
