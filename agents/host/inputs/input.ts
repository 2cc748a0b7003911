import type { FieldValue } from '@warren/lineprotocol/write'
import { pluginPoint } from '@warren/platform/plugin'

/** Where one collection puts its points; the tag `host` and the time are added for it. */
export interface Sink {
  add(
    measurement: string,
    tags: Readonly<Record<string, string | undefined>>,
    fields: Readonly<Record<string, FieldValue | undefined>>,
  ): void
}

/** One source of points of this host, with Telegraf's measurement, tag and field names. */
export interface Input {
  /** Reads once and adds its points. Starts no process, keeps no more than what the next delta needs. A throw costs this input's points of this collection only.
   *  `nowMs` is the time of the points, milliseconds since the epoch. */
  collect(sink: Sink, nowMs: number): void | Promise<void>
  /** Releases open files. */
  close(): void
}

/** The kernel's folders; tests put recorded ones in their place. */
export interface InputContext {
  readonly procDir: string
  readonly sysDir: string
  /** Holds `utmp`. */
  readonly runDir: string
}

export const defineInput = pluginPoint<Input, InputContext>()
