export interface HostKey {
  readonly tenant: string
  readonly host: string
}

/** A host that changed its state. */
export interface Change extends HostKey {
  readonly type: 'host_silent' | 'host_back'
  /** Last heard before the silence; as `atMs`, milliseconds of the clock that it was heard by. */
  readonly lastSeenMs: number
  readonly atMs: number
}

export interface SilenceOptions {
  readonly silentAfterMs: number
  readonly maxHosts: number
}

/** Who was heard when. Knows no clock: the caller says what time it is. */
export interface Silence {
  /** The host was heard; a change when it had been silent. */
  heard(host: HostKey, nowMs: number): Change | undefined
  /** Every host that has become silent since the last call, once. */
  check(nowMs: number): Change[]
  /** Time in which nothing could be heard, such as an outage of the broker, counts for no host. */
  pardon(nowMs: number): void
  readonly hosts: number
  readonly forgotten: number
}

interface Known extends HostKey {
  seenMs: number
  /** Set back by a pardon: silence is counted from here. */
  countedFromMs: number
  silent: boolean
}

/** The hosts of one tenant, in the order they were last heard, the one longest ago first. */
type Hosts = Map<string, Known>

/** The tenant that has most gives way: one that invents hosts takes none from those that have fewer. */
function largestOf(tenants: ReadonlyMap<string, Hosts>): readonly [tenant: string, Hosts] {
  let largest: readonly [string, Hosts] = ['', new Map()]
  for (const one of tenants) if (one[1].size > largest[1].size) largest = one
  return largest
}

export function createSilence({ silentAfterMs, maxHosts }: SilenceOptions): Silence {
  const tenants = new Map<string, Hosts>()
  let size = 0
  let forgotten = 0

  const toChange = (type: Change['type'], host: Known, atMs: number): Change => {
    const { tenant, host: name, seenMs } = host
    return { type, tenant, host: name, lastSeenMs: seenMs, atMs }
  }

  const hostsOf = (tenant: string): Hosts => {
    const found = tenants.get(tenant)
    if (found !== undefined) return found
    const made: Hosts = new Map()
    tenants.set(tenant, made)
    return made
  }

  const makeRoom = (): void => {
    size += 1
    if (size <= maxHosts) return
    const [tenant, hosts] = largestOf(tenants)
    const [oldest = ''] = hosts.keys()
    hosts.delete(oldest)
    if (hosts.size === 0) tenants.delete(tenant)
    size -= 1
    forgotten += 1
  }

  function* all(): Generator<Known> {
    for (const hosts of tenants.values()) yield* hosts.values()
  }

  return {
    heard: ({ tenant, host }, nowMs) => {
      const hosts = hostsOf(tenant)
      const before = hosts.get(host)
      hosts.delete(host)
      hosts.set(host, { tenant, host, seenMs: nowMs, countedFromMs: nowMs, silent: false })
      if (before === undefined) makeRoom()
      return before?.silent ? toChange('host_back', before, nowMs) : undefined
    },
    check: (nowMs) => {
      const changes: Change[] = []
      for (const host of all()) {
        if (host.silent || nowMs - host.countedFromMs < silentAfterMs) continue
        host.silent = true
        changes.push(toChange('host_silent', host, nowMs))
      }
      return changes
    },
    pardon: (nowMs) => {
      for (const host of all()) host.countedFromMs = nowMs
    },
    get hosts() {
      return size
    },
    get forgotten() {
      return forgotten
    },
  }
}
