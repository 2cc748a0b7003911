import type { MetricPanelProps } from '../charts/MetricPanel.tsx'
import { identifier, literal } from '../http/metrics.ts'
import { type Span, secondsOf, stepOf, type TimeRange } from '../time/range.ts'

interface PanelSpec
  extends Pick<MetricPanelProps, 'title' | 'description' | 'unit' | 'max' | 'stacked'> {
  readonly measurement: string
  /** Columns as InfluxQL. */
  readonly select: string
  readonly where?: string
  readonly groupBy?: readonly string[]
}

const rate = (field: string, name: string): string =>
  `non_negative_derivative(mean(${identifier(field)}), 1s) AS ${identifier(name)}`
const mean = (field: string, name: string): string =>
  `mean(${identifier(field)}) AS ${identifier(name)}`

const specs: readonly PanelSpec[] = [
  {
    title: 'CPU',
    description: 'Share of all cores, by what they did',
    unit: 'percent',
    max: 100,
    stacked: true,
    measurement: 'cpu',
    where: `"cpu" = 'cpu-total'`,
    select: ['user', 'system', 'iowait', 'steal']
      .map((name) => mean(`usage_${name}`, name))
      .join(', '),
  },
  {
    title: 'Load',
    description: 'Processes that run or wait, averaged over 1, 5 and 15 minutes',
    unit: 'number',
    measurement: 'system',
    select: ['load1', 'load5', 'load15'].map((name) => mean(name, name)).join(', '),
  },
  {
    title: 'Memory',
    description: 'Bytes of memory, by use',
    unit: 'bytes',
    measurement: 'mem',
    select: ['used', 'cached', 'buffered', 'free'].map((name) => mean(name, name)).join(', '),
  },
  {
    title: 'Swap used',
    description: 'Bytes swapped out',
    unit: 'bytes',
    measurement: 'swap',
    select: mean('used', 'used'),
  },
  {
    title: 'Disk space used',
    description: 'Share of each file system that is in use',
    unit: 'percent',
    max: 100,
    measurement: 'disk',
    select: mean('used_percent', 'used'),
    groupBy: ['path'],
  },
  {
    title: 'Disk throughput',
    description: 'Bytes read from and written to each device in a second',
    unit: 'bytesPerSecond',
    measurement: 'diskio',
    select: `${rate('read_bytes', 'read')}, ${rate('write_bytes', 'write')}`,
    groupBy: ['name'],
  },
  {
    title: 'Network',
    description: 'Bytes received and sent by each interface in a second',
    unit: 'bytesPerSecond',
    measurement: 'net',
    where: `"interface" != 'all'`,
    select: `${rate('bytes_recv', 'in')}, ${rate('bytes_sent', 'out')}`,
    groupBy: ['interface'],
  },
  {
    title: 'Processes',
    description: 'Processes by state',
    unit: 'number',
    measurement: 'processes',
    select: ['running', 'blocked', 'sleeping', 'zombies']
      .map((name) => mean(name, name))
      .join(', '),
  },
]

function toText(spec: PanelSpec, host: string, range: TimeRange): MetricPanelProps['text'] {
  const step = stepOf(secondsOf(range))
  const dimensions = [`time(${step}s)`, ...(spec.groupBy ?? []).map(identifier)].join(', ')
  const where = [
    `"host" = ${literal(host)}`,
    ...(spec.where === undefined ? [] : [spec.where]),
  ].join(' AND ')
  return ({ fromMs, toMs }) =>
    `SELECT ${spec.select} FROM ${identifier(spec.measurement)} WHERE ${where} AND time >= ${Math.floor(fromMs)}ms AND time <= ${Math.ceil(toMs)}ms GROUP BY ${dimensions} fill(none)`
}

interface View {
  readonly range: TimeRange
  readonly onZoom: (span: Span) => void
}

/** The charts of one host's page. */
export const hostPanels = (host: string, view: View): MetricPanelProps[] =>
  specs.map((spec) => ({ ...spec, ...view, text: toText(spec, host, view.range) }))
