import { settingsOf } from '@warren/platform/plugin'
import { z } from 'zod'
import * as registry from '../listeners/index.ts'
import type { SocketSettings } from '../sockets/settings.ts'

/** One listener of the configuration: the settings of its sockets, and those of its protocol. */
export interface ListenerEntry extends SocketSettings {
  readonly type: string
  readonly [setting: string]: unknown
}

const entrySchema = settingsOf(registry) as unknown as z.ZodType<ListenerEntry>

const maxListeners = 100

const addressOf = ({ host, port }: ListenerEntry): string => `${host}:${port}`

const haveOwnPorts = (entries: readonly ListenerEntry[]): boolean => {
  const addresses = entries.filter(({ port }) => port !== 0).map(addressOf)
  return new Set(addresses).size === addresses.length
}

/** No port is open unless somebody says so. */
export const listenersSchema = z
  .array(entrySchema)
  .max(maxListeners)
  .refine(haveOwnPorts, 'two listeners have one address and port')
  .default([])
  .describe('Sockets for senders that speak neither AMQP nor HTTP')

/** As logs, metrics and health call a listener: its host only where another has the same type and port. */
export function nameOf(entry: ListenerEntry, all: readonly ListenerEntry[]): string {
  const { type, port } = entry
  const same = all.filter((other) => other.type === type && other.port === port)
  return same.length > 1 ? `${type}:${addressOf(entry)}` : `${type}:${port}`
}
