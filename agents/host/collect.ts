import { toFieldSet, toSeriesKey } from '@warren/lineprotocol/write'
import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import { createFrom } from '@warren/platform/plugin'
import type { AgentConfig } from './config.ts'
import * as registry from './inputs/index.ts'
import type { Input, InputContext, Sink } from './inputs/input.ts'

export interface Collection {
  /** Every input's points of now, one line each, stamped with `nowMs`; empty when there are none. An input that fails is left out. */
  collect(nowMs: number): Promise<string>
  /** Failed collections of single inputs since the start. */
  readonly errors: number
  close(): void
}

interface CollectionOptions {
  readonly inputs: AgentConfig['inputs']
  readonly host: string
  readonly context: InputContext
  readonly log: Log
  /** The agent's own counters, beside its inputs' points. */
  readonly own?: () => Readonly<Record<string, number>>
}

export const thisMachine: InputContext = { procDir: '/proc', sysDir: '/sys', runDir: '/run' }

export function createCollection({
  inputs,
  host,
  context,
  log,
  own,
}: CollectionOptions): Collection {
  const running = inputs.map((entry) => ({
    type: String(entry['type']),
    input: createFrom<Input, InputContext>(registry, entry, context),
    lastReason: '',
  }))
  let errors = 0

  return {
    collect: async (nowMs) => {
      let lines = ''
      const sink: Sink = {
        add: (measurement, tags, fields) => {
          const values = toFieldSet(fields)
          if (values === '') return
          lines += `${toSeriesKey(measurement, { ...tags, host })} ${values} ${nowMs}000000\n`
        },
      }
      for (const entry of running) {
        try {
          await entry.input.collect(sink, nowMs)
          entry.lastReason = ''
        } catch (error) {
          errors += 1
          const reason = reasonOf(error)
          if (reason !== entry.lastReason) log.warn('input failed', { input: entry.type, reason })
          entry.lastReason = reason
        }
      }
      if (own !== undefined) sink.add('internal_agent', {}, { gather_errors: errors, ...own() })
      return lines
    },
    get errors() {
      return errors
    },
    close: () => {
      for (const { input } of running) input.close()
    },
  }
}
