import { z } from 'zod'
import { createKernelFile, readKernelFile } from '../kernel-file.ts'
import { defineInput } from './input.ts'

const numberAfter = (text: string, name: string): number | undefined => {
  const found = new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** Counters since boot; `boot_time` in seconds since the epoch. */
export const kernel = defineInput({
  type: 'kernel',
  settings: z.strictObject({}),
  create: (_, { procDir }) => {
    const stat = createKernelFile(`${procDir}/stat`)
    return {
      collect: (sink) => {
        const text = stat.read()
        const entropy = readKernelFile(`${procDir}/sys/kernel/random/entropy_avail`)
        sink.add(
          'kernel',
          {},
          {
            boot_time: numberAfter(text, 'btime'),
            context_switches: numberAfter(text, 'ctxt'),
            interrupts: numberAfter(text, 'intr'),
            processes_forked: numberAfter(text, 'processes'),
            entropy_avail: entropy === undefined ? undefined : Number(entropy),
          },
        )
      },
      close: stat.close,
    }
  },
})
