import {
  DashboardBuilder,
  DashboardCursorSync,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { metricsSource, metricsVariable } from '../data-sources.ts'
import { influxqlQuery, type OverTime, overTime } from '../influxql-query.ts'

interface Chart extends OverTime {
  readonly title: string
  readonly description: string
  readonly unit: string
  readonly max?: number
}

const mean = (field: string): string => `mean("${field}") AS "${field}"`
const rate = (field: string, name: string): string =>
  `non_negative_derivative(mean("${field}"), 1s) AS "${name}"`

const rows: Readonly<Record<string, readonly Chart[]>> = {
  'CPU and load': [
    {
      title: 'CPU',
      description: 'Share of all cores, by what they did',
      unit: 'percent',
      max: 100,
      measurement: 'cpu',
      where: `"cpu" = 'cpu-total'`,
      select: ['usage_user', 'usage_system', 'usage_iowait', 'usage_steal'].map(mean).join(', '),
    },
    {
      title: 'Load',
      description:
        'Processes that run or wait for a core or a disk, averaged over 1, 5 and 15 minutes',
      unit: 'short',
      measurement: 'system',
      select: ['load1', 'load5', 'load15'].map(mean).join(', '),
    },
    {
      title: 'Processes',
      description: 'Processes by state',
      unit: 'short',
      measurement: 'processes',
      select: ['running', 'blocked', 'sleeping', 'zombies'].map(mean).join(', '),
    },
    {
      title: 'Context switches and interrupts',
      description: 'A second, over all cores',
      unit: 'ops',
      measurement: 'kernel',
      select: `${rate('context_switches', 'context switches')}, ${rate('interrupts', 'interrupts')}`,
    },
  ],
  Memory: [
    {
      title: 'Memory',
      description: 'Bytes of memory, by use',
      unit: 'bytes',
      measurement: 'mem',
      select: ['used', 'cached', 'buffered', 'free'].map(mean).join(', '),
    },
    {
      title: 'Swap',
      description: 'Bytes of swap space in use and free',
      unit: 'bytes',
      measurement: 'swap',
      select: ['used', 'free'].map(mean).join(', '),
    },
  ],
  Disk: [
    {
      title: 'Space used',
      description: 'Share of each file system that is in use',
      unit: 'percent',
      max: 100,
      measurement: 'disk',
      select: mean('used_percent'),
      groupBy: ['path'],
      alias: '$tag_host $tag_path',
    },
    {
      title: 'Inodes used',
      description: 'Share of each file system’s inodes in use',
      unit: 'percent',
      max: 100,
      measurement: 'disk',
      select: mean('inodes_used_percent'),
      groupBy: ['path'],
      alias: '$tag_host $tag_path',
    },
    {
      title: 'Throughput',
      description: 'Bytes read from and written to each device in a second',
      unit: 'Bps',
      measurement: 'diskio',
      select: `${rate('read_bytes', 'read')}, ${rate('write_bytes', 'write')}`,
      groupBy: ['name'],
    },
    {
      title: 'Operations',
      description: 'Reads and writes of each device in a second',
      unit: 'iops',
      measurement: 'diskio',
      select: `${rate('reads', 'read')}, ${rate('writes', 'write')}`,
      groupBy: ['name'],
    },
  ],
  Network: [
    {
      title: 'Traffic',
      description: 'Bytes received and sent by each interface in a second',
      unit: 'Bps',
      measurement: 'net',
      where: `"interface" != 'all'`,
      select: `${rate('bytes_recv', 'in')}, ${rate('bytes_sent', 'out')}`,
      groupBy: ['interface'],
    },
    {
      title: 'Errors and drops',
      description: 'Packets that failed or were dropped by each interface in a second',
      unit: 'pps',
      measurement: 'net',
      where: `"interface" != 'all'`,
      select: [
        rate('err_in', 'errors in'),
        rate('err_out', 'errors out'),
        rate('drop_in', 'drops in'),
        rate('drop_out', 'drops out'),
      ].join(', '),
      groupBy: ['interface'],
    },
  ],
}

function chart(spec: Chart): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(spec.title)
    .description(spec.description)
    .datasource(metricsSource)
    .unit(spec.unit)
    .min(0)
    .fillOpacity(10)
    .interval('10s')
    .height(8)
    .span(12)
    .withTarget(overTime(spec))
  return spec.max === undefined ? panel : panel.max(spec.max)
}

interface Tile {
  readonly title: string
  readonly description: string
  readonly unit: string
  readonly query: string
}

const latest = (column: string, measurement: string, where = ''): string =>
  `SELECT ${column} FROM "${measurement}" WHERE "host" =~ /^$host$/ AND ${where}$timeFilter GROUP BY "host"`

const tiles: readonly Tile[] = [
  {
    title: 'CPU idle',
    description: 'Newest reading, all cores',
    unit: 'percent',
    query: latest('last("usage_idle")', 'cpu', `"cpu" = 'cpu-total' AND `),
  },
  {
    title: 'Memory used',
    description: 'Newest reading',
    unit: 'percent',
    query: latest('last("used_percent")', 'mem'),
  },
  {
    title: 'Fullest disk',
    description: 'The fullest file system',
    unit: 'percent',
    query: latest('max("used_percent")', 'disk'),
  },
  {
    title: 'Cores',
    description: 'Logical processors',
    unit: 'short',
    query: latest('last("n_cpus")', 'system'),
  },
  {
    title: 'Uptime',
    description: 'Since the host was started',
    unit: 's',
    query: latest('last("uptime")', 'system'),
  },
]

const tile = ({ title, description, unit, query }: Tile): StatBuilder =>
  new StatBuilder()
    .title(title)
    .description(description)
    .datasource(metricsSource)
    .unit(unit)
    .height(4)
    .span(4)
    .withTarget(influxqlQuery({ query, alias: '$tag_host' }))

/** One host, or several side by side: CPU, memory, disk and network on Telegraf's names. */
export function hostOverview(): DashboardBuilder {
  const dashboard = new DashboardBuilder('Warren / Host overview')
    .uid('warren-host-overview')
    .description('CPU, memory, disk and network of a host')
    .tags(['warren'])
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('10s')
    .withVariable(metricsVariable())
    .withVariable(
      new QueryVariableBuilder('host')
        .label('Host')
        .datasource(metricsSource)
        .query('SHOW TAG VALUES WITH KEY = "host"')
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .sort(VariableSort.AlphabeticalAsc)
        .multi(true)
        .includeAll(true),
    )
  for (const spec of tiles) dashboard.withPanel(tile(spec))
  for (const [title, charts] of Object.entries(rows)) {
    dashboard.withRow(new RowBuilder(title))
    for (const spec of charts) dashboard.withPanel(chart(spec))
  }
  return dashboard
}
