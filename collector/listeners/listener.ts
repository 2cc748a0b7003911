import type { Stream } from '@warren/contracts/topology'
import { pluginPoint } from '@warren/platform/plugin'
import type { Framer } from '../sockets/framer.ts'
import type { Transport } from '../sockets/settings.ts'

/** Why something that was sent is not stored. Labels of a counter. */
export type LossReason =
  | 'malformed'
  | 'too_long'
  | 'unsupported'
  | 'too_many_series'
  | 'too_many_members'
  | 'missing_chunks'
  /** The outbox was full. */
  | 'full'
  /** A datagram of a tenant that is above its limit. */
  | 'limited'
  /** Dropped by the kernel before it was read. */
  | 'kernel'
  /** A sender that may not send, or one connection too many. */
  | 'refused'
  /** A connection that ended within a message. */
  | 'incomplete'
  /** Not confirmed by the broker when the collector stopped. */
  | 'unconfirmed'

/** Takes lines of line protocol (stream `metrics`) or NDJSON (stream `logs`), without their line feed, and has them sent. */
export interface Sink {
  add(line: string): void
}

/** How and when a message came. The object is used again for the next one. */
export interface Arrival {
  /** Milliseconds since the epoch. */
  readonly nowMs: number
  /** The same moment, RFC 3339. */
  readonly at: string
  /** Of the sender's socket. */
  readonly address: string
  /** The message was longer than allowed; these are its first bytes. */
  readonly isCut: boolean
  /** Of the tenant that the sender belongs to. */
  readonly sink: Sink
}

/** Reads one protocol. Sockets, bounds, tenants, back-pressure and sending are the caller's. */
export interface Listener {
  readonly stream: Stream
  /** Listened on unless the configuration says. */
  readonly transports: readonly Transport[]
  /** Of one datagram or message of a stream, bytes. */
  readonly maxMessageBytes: number
  /** Cuts a new connection's bytes to messages. */
  createFramer(): Framer
  /** Reads one message, gives its lines to the arrival's sink at once or keeps a bounded sum of them, and says what it left out. The bytes are valid during the call. Never throws, whatever the bytes are. */
  take(message: Buffer, arrival: Arrival): void
  /** Called some times a second: writes what is due, forgets what has waited too long. */
  tick?(nowMs: number): void
  /** Writes whatever is kept: the last call. */
  end?(nowMs: number): void
}

export interface ListenerContext {
  /** Of the tenant that the configuration names. */
  readonly sink: Sink
  readonly lost: (reason: LossReason, count: number) => void
}

export const defineListener = pluginPoint<Listener, ListenerContext>()
