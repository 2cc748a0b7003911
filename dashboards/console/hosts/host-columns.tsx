import { Anchor, Badge, Text } from '@mantine/core'
import {
  columnFilteringFeature,
  createColumnHelper,
  createFilteredRowModel,
  createSortedRowModel,
  filterFn_includesString,
  globalFilteringFeature,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
} from '@tanstack/react-table'
import { Link } from 'react-router'
import { ago, lasting } from '../time/ago.ts'
import { moment } from '../time/clock.ts'
import type { HostSummary } from './host-queries.ts'
import { isSilent } from './is-silent.ts'
import { Share } from './Share.tsx'

export const hostFeatures = tableFeatures({
  columnFilteringFeature,
  globalFilteringFeature,
  filteredRowModel: createFilteredRowModel(),
  filterFns: { includesString: filterFn_includesString },
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
})

const helper = createColumnHelper<typeof hostFeatures, HostSummary>()

const stateOf = (summary: HostSummary): string => (isSilent(summary) ? 'silent' : 'up')

/** The name; where there is no room for their columns, the state and when it was last heard of, too. */
export function HostCell({ summary }: { summary: HostSummary }) {
  const { host, lastSeen } = summary
  return (
    <>
      <Anchor
        component={Link}
        to={`/hosts/${encodeURIComponent(host)}`}
        fw={600}
        title={host}
        truncate
        display="block"
        maw={{ base: '33vw', sm: 420 }}
      >
        {host}
      </Anchor>
      <Text size="xs" hiddenFrom="sm" {...(isSilent(summary) ? { c: 'red' } : { c: 'dimmed' })}>
        {stateOf(summary)}, {ago(lastSeen)}
      </Text>
    </>
  )
}

/** Numbers largest first at the first click; what is unknown comes last. */
const number = { sortFn: 'basic', sortDescFirst: true, sortUndefined: 'last' } as const

/** Ids are the columns' names in the page's address. */
export const hostColumns = helper.columns([
  helper.accessor('host', {
    id: 'host',
    header: 'Host',
    sortFn: 'alphanumeric',
    cell: ({ row }) => <HostCell summary={row.original} />,
  }),
  helper.accessor(stateOf, {
    id: 'state',
    header: 'State',
    sortFn: 'alphanumeric',
    cell: ({ getValue }) => (
      <Badge color={getValue() === 'up' ? 'green' : 'red'} variant="light">
        {getValue()}
      </Badge>
    ),
  }),
  helper.accessor('lastSeen', {
    id: 'seen',
    header: 'Last seen',
    ...number,
    cell: ({ getValue }) => <span title={moment(getValue())}>{ago(getValue())}</span>,
  }),
  helper.accessor('cpu', {
    id: 'cpu',
    header: 'CPU',
    ...number,
    cell: ({ getValue }) => <Share what="CPU" value={getValue()} />,
  }),
  helper.accessor('memory', {
    id: 'memory',
    header: 'Memory',
    ...number,
    cell: ({ getValue }) => <Share what="Memory" value={getValue()} />,
  }),
  helper.accessor('disk', {
    id: 'disk',
    header: () => <span title="The fullest file system">Disk</span>,
    ...number,
    cell: ({ getValue }) => <Share what="Fullest disk" value={getValue()} />,
  }),
  helper.accessor('uptimeSeconds', {
    id: 'uptime',
    header: 'Up for',
    ...number,
    cell: ({ getValue }) => {
      const seconds = getValue()
      return seconds === undefined ? '–' : lasting(seconds)
    },
  }),
])

/** Columns that a narrow screen has no room for. */
export const wideColumns: ReadonlySet<string> = new Set(['state', 'seen', 'uptime'])
