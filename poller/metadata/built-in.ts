import type { MetricMetadata } from '@warren/contracts/metric-metadata'

type Meaning = Pick<MetricMetadata, 'unit' | 'mtype' | 'what'>

const gauge = (unit?: string): Meaning => ({
  ...(unit === undefined ? {} : { unit }),
  mtype: 'gauge',
})
const counter = (unit?: string): Meaning => ({
  ...(unit === undefined ? {} : { unit }),
  mtype: 'counter',
})

const fields = (names: string, meaning: Meaning) =>
  names.split(' ').map((field) => ({ field, ...meaning }))

/** Telegraf's names of host metrics, which the host agent has too. Units as Metrics 2.0: http://metrics20.org/spec/ */
const measurements: Readonly<Record<string, readonly Omit<MetricMetadata, 'measurement'>[]>> = {
  cpu: fields(
    'usage_user usage_system usage_idle usage_nice usage_iowait usage_irq usage_softirq usage_steal usage_guest usage_guest_nice usage_active',
    gauge('%'),
  ),
  mem: [
    ...fields(
      'total available used free buffered cached active inactive shared slab sreclaimable sunreclaim dirty write_back write_back_tmp mapped page_tables commit_limit committed_as swap_cached swap_free swap_total high_total high_free low_total low_free huge_page_size vmalloc_total vmalloc_used vmalloc_chunk',
      gauge('B'),
    ),
    ...fields('huge_pages_free huge_pages_total', gauge('page')),
    ...fields('used_percent available_percent', gauge('%')),
  ],
  swap: [
    ...fields('total used free', gauge('B')),
    ...fields('used_percent', gauge('%')),
    ...fields('in out', counter('B')),
  ],
  system: [
    ...fields('load1 load5 load15', { ...gauge(), what: 'processes that run or wait to' }),
    ...fields('n_cpus n_physical_cpus', gauge('cpu')),
    ...fields('n_users n_unique_users', gauge('user')),
    ...fields('uptime', counter('s')),
  ],
  kernel: [
    ...fields('boot_time', { unit: 's', mtype: 'timestamp' }),
    ...fields('context_switches interrupts', counter()),
    ...fields('processes_forked', counter('process')),
    ...fields('entropy_avail', gauge('b')),
    ...fields('disk_pages_in disk_pages_out', counter('page')),
  ],
  processes: [
    ...fields(
      'blocked running sleeping stopped total zombies dead paging parked idle unknown',
      gauge('process'),
    ),
    ...fields('total_threads', gauge('thread')),
  ],
  disk: [
    ...fields('total free used', gauge('B')),
    ...fields('used_percent inodes_used_percent', gauge('%')),
    ...fields('inodes_total inodes_free inodes_used', gauge('inode')),
  ],
  diskio: [
    ...fields('reads writes merged_reads merged_writes', counter('req')),
    ...fields('read_bytes write_bytes', counter('B')),
    ...fields('read_time write_time io_time weighted_io_time', counter('ms')),
    ...fields('iops_in_progress', gauge('req')),
    ...fields('io_util', gauge('%')),
    ...fields('io_await io_svctm', gauge('ms')),
  ],
  net: [
    ...fields('bytes_sent bytes_recv', counter('B')),
    ...fields('packets_sent packets_recv drop_in drop_out', counter('pckt')),
    ...fields('err_in err_out', counter('err')),
    ...fields('speed', gauge('Mb/s')),
  ],
}

/** What is known of fields that nobody described. */
export const builtInMetadata: readonly MetricMetadata[] = Object.entries(measurements).flatMap(
  ([measurement, own]) => own.map((one) => ({ measurement, ...one })),
)
