import { z } from 'zod'
import { createKernelFile, rowsOf } from '../kernel-file.ts'
import { defineInput } from './input.ts'

/** Columns of https://docs.kernel.org/admin-guide/iostats.html after the device's name. */
const fieldNames = [
  'reads',
  'merged_reads',
  'read_sectors',
  'read_time',
  'writes',
  'merged_writes',
  'write_sectors',
  'write_time',
  'iops_in_progress',
  'io_time',
  'weighted_io_time',
] as const

type Counters = Record<(typeof fieldNames)[number], number>

/** The kernel's sectors, whatever the device's. */
const sectorBytes = 512

const toCounters = (words: readonly string[]): Counters =>
  Object.fromEntries(
    fieldNames.map((name, index) => [name, Number(words[index + 3] ?? 0)]),
  ) as Counters

/** The kernel counts milliseconds in 32 bits: those of 32 requests at once wrap in a day and a half. */
const millisBetween = (last: number, now: number): number => (now - last) >>> 0

/** Telegraf's shares of the time since the last collection; none of a device that came anew under its name. */
function toRates(now: Counters, last: Counters, elapsedMs: number): Record<string, number> {
  if (now.reads < last.reads || now.writes < last.writes) return {}
  const operations = now.reads + now.writes - last.reads - last.writes
  const waited =
    millisBetween(last.read_time, now.read_time) + millisBetween(last.write_time, now.write_time)
  const busy = millisBetween(last.io_time, now.io_time)
  return {
    ...(elapsedMs > 0 ? { io_util: (100 * busy) / elapsedMs } : {}),
    ...(operations > 0 ? { io_await: waited / operations, io_svctm: busy / operations } : {}),
  }
}

/** Counters since boot; times in milliseconds. A device that was never used is left out. */
export const diskio = defineInput({
  type: 'diskio',
  settings: z.strictObject({}),
  create: (_, { procDir }) => {
    const diskstats = createKernelFile(`${procDir}/diskstats`)
    let last = new Map<string, Counters>()
    let lastMs = 0
    return {
      collect: (sink, nowMs) => {
        const seen = new Map<string, Counters>()
        for (const words of rowsOf(diskstats.read())) {
          const name = words[2]
          const now = toCounters(words)
          if (name === undefined || now.reads + now.writes === 0) continue
          seen.set(name, now)
          const before = last.get(name)
          const { read_sectors, write_sectors, ...fields } = now
          sink.add(
            'diskio',
            { name },
            {
              ...fields,
              read_bytes: read_sectors * sectorBytes,
              write_bytes: write_sectors * sectorBytes,
              ...(before === undefined ? {} : toRates(now, before, nowMs - lastMs)),
            },
          )
        }
        last = seen
        lastMs = nowMs
      },
      close: diskstats.close,
    }
  },
})
