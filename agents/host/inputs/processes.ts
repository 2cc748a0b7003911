import { readdirSync } from 'node:fs'
import { z } from 'zod'
import { readKernelFile } from '../kernel-file.ts'
import { defineInput } from './input.ts'

/** The state letter of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html → Telegraf's field. */
const fieldOfState: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'blocked',
  U: 'blocked',
  L: 'blocked',
  Z: 'zombies',
  X: 'dead',
  x: 'dead',
  T: 'stopped',
  t: 'stopped',
  W: 'paging',
  I: 'idle',
  P: 'parked',
}

const isPid = (name: string): boolean => {
  const first = name.charCodeAt(0)
  return first >= 0x30 && first <= 0x39
}

interface Process {
  readonly state: string
  readonly threads: number
}

/** The command's name may hold anything, closing parentheses and spaces included, so fields are counted from its last one. */
function parseStat(text: string): Process | undefined {
  const close = text.lastIndexOf(')')
  if (close < 0) return undefined
  const words = text.slice(close + 2).split(' ', 18)
  return { state: words[0] ?? '?', threads: Number(words[17] ?? 0) }
}

export const processes = defineInput({
  type: 'processes',
  settings: z.strictObject({}),
  create: (_, { procDir }) => ({
    collect: (sink) => {
      const fields: Record<string, number> = {
        ...{ blocked: 0, zombies: 0, stopped: 0, running: 0, sleeping: 0, total: 0, unknown: 0 },
        ...{ dead: 0, paging: 0, idle: 0, parked: 0, total_threads: 0 },
      }
      const count = (field: string, by: number) => {
        fields[field] = (fields[field] ?? 0) + by
      }
      for (const name of readdirSync(procDir)) {
        if (!isPid(name)) continue
        // A process may end between the listing and here.
        const found = parseStat(readKernelFile(`${procDir}/${name}/stat`) ?? '')
        if (found === undefined) continue
        count(fieldOfState[found.state] ?? 'unknown', 1)
        count('total', 1)
        count('total_threads', found.threads)
      }
      sink.add('processes', {}, fields)
    },
    close: () => undefined,
  }),
})
