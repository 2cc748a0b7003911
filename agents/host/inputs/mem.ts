import { z } from 'zod'
import { createKernelFile } from '../kernel-file.ts'
import { parseMeminfo, percent } from '../meminfo.ts'
import { defineInput } from './input.ts'

/** Telegraf's field → the kernel's name. */
const kernelNames = {
  active: 'Active',
  buffered: 'Buffers',
  commit_limit: 'CommitLimit',
  committed_as: 'Committed_AS',
  dirty: 'Dirty',
  free: 'MemFree',
  high_free: 'HighFree',
  high_total: 'HighTotal',
  huge_page_size: 'Hugepagesize',
  huge_pages_free: 'HugePages_Free',
  huge_pages_total: 'HugePages_Total',
  inactive: 'Inactive',
  low_free: 'LowFree',
  low_total: 'LowTotal',
  mapped: 'Mapped',
  page_tables: 'PageTables',
  shared: 'Shmem',
  slab: 'Slab',
  sreclaimable: 'SReclaimable',
  sunreclaim: 'SUnreclaim',
  swap_cached: 'SwapCached',
  swap_free: 'SwapFree',
  swap_total: 'SwapTotal',
  total: 'MemTotal',
  vmalloc_chunk: 'VmallocChunk',
  vmalloc_total: 'VmallocTotal',
  vmalloc_used: 'VmallocUsed',
  write_back: 'Writeback',
  write_back_tmp: 'WritebackTmp',
}

/** Bytes; `cached` counts reclaimable slabs, and `used` is what is neither free, buffered nor cached. */
export const mem = defineInput({
  type: 'mem',
  settings: z.strictObject({}),
  create: (_, { procDir }) => {
    const meminfo = createKernelFile(`${procDir}/meminfo`)
    return {
      collect: (sink) => {
        const values = parseMeminfo(meminfo.read())
        const of = (name: string): number => values.get(name) ?? 0
        const fields: Record<string, number> = {}
        for (const [field, name] of Object.entries(kernelNames)) fields[field] = of(name)
        const total = of('MemTotal')
        const cached = of('Cached') + of('SReclaimable')
        const available = values.get('MemAvailable') ?? of('MemFree') + of('Buffers') + cached
        const used = Math.max(0, total - of('MemFree') - of('Buffers') - cached)
        sink.add(
          'mem',
          {},
          {
            ...fields,
            available,
            available_percent: percent(available, total),
            cached,
            used,
            used_percent: percent(used, total),
          },
        )
      },
      close: meminfo.close,
    }
  },
})
