import { z } from 'zod'
import { createKernelFile, readKernelFile } from '../kernel-file.ts'
import { readUsers } from '../utmp.ts'
import { defineInput } from './input.ts'

/** `12 days, 3:04`, with Telegraf's spaces. */
export function toUptimeFormat(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const days = Math.floor(minutes / 1440)
  const hours = String(Math.floor(minutes / 60) % 24).padStart(2)
  const clock = `${hours}:${String(minutes % 60).padStart(2, '0')}`
  return days === 0 ? clock : `${days} day${days > 1 ? 's' : ''}, ${clock}`
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

/** Cores by (physical id, core id); the logical ones where the kernel does not say. */
function countCores(cpuinfo: string, logical: number): number {
  const cores = new Set<string>()
  for (const processor of cpuinfo.split('\n\n')) {
    const core = /^core id\s*:\s*(\d+)/m.exec(processor)?.[1]
    const physical = /^physical id\s*:\s*(\d+)/m.exec(processor)?.[1]
    if (core !== undefined) cores.add(`${physical}/${core}`)
  }
  return cores.size === 0 ? logical : cores.size
}

export const system = defineInput({
  type: 'system',
  settings: z.strictObject({}),
  create: (_, { procDir, runDir }) => {
    const loadavg = createKernelFile(`${procDir}/loadavg`)
    const uptime = createKernelFile(`${procDir}/uptime`)
    const cpus = count(readKernelFile(`${procDir}/stat`) ?? '', /^cpu\d/gm)
    const cores = countCores(readKernelFile(`${procDir}/cpuinfo`) ?? '', cpus)
    return {
      collect: (sink) => {
        const [load1, load5, load15] = loadavg.read().split(' ').map(Number)
        const seconds = Math.floor(Number.parseFloat(uptime.read()))
        const users = readUsers(`${runDir}/utmp`)
        sink.add(
          'system',
          {},
          {
            load1,
            load5,
            load15,
            n_cpus: cpus,
            n_physical_cpus: cores,
            n_users: users?.length,
            n_unique_users: users === undefined ? undefined : new Set(users).size,
            uptime: seconds,
            uptime_format: toUptimeFormat(seconds),
          },
        )
      },
      close: () => {
        loadavg.close()
        uptime.close()
      },
    }
  },
})
