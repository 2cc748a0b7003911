import { z } from 'zod'
import { createKernelFile } from '../kernel-file.ts'
import { parseMeminfo, percent } from '../meminfo.ts'
import { defineInput } from './input.ts'

/** What Telegraf's library takes a page for. */
const pageBytes = 4096

const counterOf = (vmstat: string, name: string): number =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(vmstat)?.[1] ?? 0) * pageBytes

/** Bytes; `in` and `out` count since boot. */
export const swap = defineInput({
  type: 'swap',
  settings: z.strictObject({}),
  create: (_, { procDir }) => {
    const meminfo = createKernelFile(`${procDir}/meminfo`)
    const vmstat = createKernelFile(`${procDir}/vmstat`)
    return {
      collect: (sink) => {
        const values = parseMeminfo(meminfo.read())
        const total = values.get('SwapTotal') ?? 0
        const free = values.get('SwapFree') ?? 0
        const counters = vmstat.read()
        sink.add(
          'swap',
          {},
          {
            total,
            free,
            used: total - free,
            used_percent: percent(total - free, total),
            in: counterOf(counters, 'pswpin'),
            out: counterOf(counters, 'pswpout'),
          },
        )
      },
      close: () => {
        meminfo.close()
        vmstat.close()
      },
    }
  },
})
