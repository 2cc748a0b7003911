import { z } from 'zod'
import { createKernelFile, rowsOf } from '../kernel-file.ts'
import { defineInput } from './input.ts'

/** Jiffies since boot, https://docs.kernel.org/filesystems/proc.html#miscellaneous-kernel-statistics-in-proc-stat */
interface Times {
  readonly user: number
  readonly nice: number
  readonly system: number
  readonly idle: number
  readonly iowait: number
  readonly irq: number
  readonly softirq: number
  readonly steal: number
  readonly guest: number
  readonly guestNice: number
}

function toTimes(words: readonly string[]): Times {
  const at = (index: number): number => Number(words[index] ?? 0)
  // The kernel counts guest time in user and nice too.
  return {
    user: at(1) - at(9),
    nice: at(2) - at(10),
    system: at(3),
    idle: at(4),
    iowait: at(5),
    irq: at(6),
    softirq: at(7),
    steal: at(8),
    guest: at(9),
    guestNice: at(10),
  }
}

const totalOf = (times: Times): number => Object.values(times).reduce((sum, part) => sum + part, 0)

function toUsage(now: Times, last: Times): Record<string, number> | undefined {
  const total = totalOf(now) - totalOf(last)
  if (total <= 0) return undefined
  // Counters of idle and iowait may step back; a share is never below zero.
  const share = (part: keyof Times): number => (100 * Math.max(0, now[part] - last[part])) / total
  return {
    usage_user: share('user'),
    usage_system: share('system'),
    usage_idle: share('idle'),
    usage_nice: share('nice'),
    usage_iowait: share('iowait'),
    usage_irq: share('irq'),
    usage_softirq: share('softirq'),
    usage_steal: share('steal'),
    usage_guest: share('guest'),
    usage_guest_nice: share('guestNice'),
  }
}

function parseStat(text: string, perCpu: boolean): ReadonlyMap<string, Times> {
  const times = new Map<string, Times>()
  for (const words of rowsOf(text)) {
    const [name = ''] = words
    if (!name.startsWith('cpu')) break
    if (name === 'cpu') times.set('cpu-total', toTimes(words))
    else if (perCpu) times.set(name, toTimes(words))
  }
  return times
}

/** Shares of the time since the last collection, so nothing at the first. */
export const cpu = defineInput({
  type: 'cpu',
  settings: z.strictObject({
    perCpu: z.boolean().default(true).describe('A series a processor beside the total.'),
  }),
  create: ({ perCpu }, { procDir }) => {
    const stat = createKernelFile(`${procDir}/stat`)
    let last: ReadonlyMap<string, Times> = new Map()
    return {
      collect: (sink) => {
        const now = parseStat(stat.read(), perCpu)
        for (const [name, times] of now) {
          const before = last.get(name)
          const usage = before === undefined ? undefined : toUsage(times, before)
          if (usage !== undefined) sink.add('cpu', { cpu: name }, usage)
        }
        last = now
      },
      close: stat.close,
    }
  },
})
