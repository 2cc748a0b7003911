export interface HostKey {
  readonly tenant: string
  readonly host: string
}

/** A host that changed its state. */
export interface Change extends HostKey {
  readonly type: 'host_silent' | 'host_back'
  /** Last heard before the silence, milliseconds since the epoch. */
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

export function createSilence({ silentAfterMs, maxHosts }: SilenceOptions): Silence {
  /** In the order they were last heard, the one longest ago first. */
  const known = new Map<string, Known>()
  let forgotten = 0

  const toChange = (type: Change['type'], host: Known, atMs: number): Change => {
    const { tenant, host: name, seenMs } = host
    return { type, tenant, host: name, lastSeenMs: seenMs, atMs }
  }

  const makeRoom = (): void => {
    const [oldest] = known.keys()
    if (known.size < maxHosts || oldest === undefined) return
    known.delete(oldest)
    forgotten += 1
  }

  return {
    heard: ({ tenant, host }, nowMs) => {
      const key = `${tenant} ${host}`
      const before = known.get(key)
      if (before === undefined) makeRoom()
      else known.delete(key)
      known.set(key, { tenant, host, seenMs: nowMs, countedFromMs: nowMs, silent: false })
      return before?.silent ? toChange('host_back', before, nowMs) : undefined
    },
    check: (nowMs) => {
      const changes: Change[] = []
      for (const host of known.values()) {
        if (host.silent || nowMs - host.countedFromMs < silentAfterMs) continue
        host.silent = true
        changes.push(toChange('host_silent', host, nowMs))
      }
      return changes
    },
    pardon: (nowMs) => {
      for (const host of known.values()) host.countedFromMs = nowMs
    },
    get hosts() {
      return known.size
    },
    get forgotten() {
      return forgotten
    },
  }
}
