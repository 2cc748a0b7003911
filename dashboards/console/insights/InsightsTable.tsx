import { Table, Text } from '@mantine/core'
import type { FiguresBody, Insight, InsightGroup } from '@warren/contracts/http/query-insights'
import { format } from '../charts/format.ts'

const titles: Readonly<Record<InsightGroup, string>> = {
  dashboard: 'Dashboard',
  panel: 'Dashboard and panel',
  user: 'User',
  token: 'Token',
  tenant: 'Tenant',
}

const share = (part: number, all: number): string =>
  all === 0 ? '–' : format((100 * part) / all, 'percent')

interface Column {
  readonly title: string
  readonly about: string
  readonly show: (figures: FiguresBody) => string
}

const columns: readonly Column[] = [
  {
    title: 'Queries',
    about: 'answered, refused ones too',
    show: (f) => format(f.queries, 'number'),
  },
  {
    title: 'Cost',
    about: 'units that the stores were asked for; one is about reading 10,000 values',
    show: (f) => format(f.cost, 'number'),
  },
  {
    title: 'Saved',
    about: 'units that the cache had, so that no store was asked for them',
    show: (f) => format(f.savedCost, 'number'),
  },
  {
    title: 'Cached',
    about: 'share answered with the cache, all of it or a part',
    show: (f) => share(f.hit + f.partial, f.queries),
  },
  {
    title: 'Mean time',
    about: 'from request to answer',
    show: (f) => (f.queries === 0 ? '–' : format(f.tookMs / f.queries, 'milliseconds')),
  },
  {
    title: 'Slowest',
    about: 'the longest of them',
    show: (f) => format(f.slowestMs, 'milliseconds'),
  },
  {
    title: 'Queued',
    about: 'waited for a turn at the store',
    show: (f) => format(f.queued, 'number'),
  },
  { title: 'Refused', about: 'no store was asked', show: (f) => format(f.refused, 'number') },
  { title: 'Failed', about: 'a store was asked in vain', show: (f) => format(f.error, 'number') },
]

/** By title. */
export const columnMeanings = Object.fromEntries(columns.map(({ title, about }) => [title, about]))

function Name({ item: { name, panel, isRest } }: { item: Insight }) {
  if (isRest)
    return (
      <Text span inherit c="dimmed" title="Those that had no place of their own">
        the rest
      </Text>
    )
  return (
    <Text span inherit fw={600} style={{ overflowWrap: 'anywhere' }}>
      {name ?? 'none named'}
      {panel !== null && ` · panel ${panel}`}
    </Text>
  )
}

const Cells = ({ figures }: { figures: FiguresBody }) =>
  columns.map(({ title, show }) => (
    <Table.Td key={title} ta="right" style={{ whiteSpace: 'nowrap' }}>
      {show(figures)}
    </Table.Td>
  ))

interface InsightsTableProps {
  readonly by: InsightGroup
  readonly items: readonly Insight[]
  readonly total: FiguresBody
  /** Names whose each is. */
  readonly isAll: boolean
}

export function InsightsTable({ by, items, total, isAll }: InsightsTableProps) {
  const hasTenant = isAll && by !== 'tenant'
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table highlightOnHover horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {hasTenant && <Table.Th>Tenant</Table.Th>}
            <Table.Th>{titles[by]}</Table.Th>
            {columns.map(({ title, about }) => (
              <Table.Th key={title} ta="right" title={about}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={JSON.stringify([item.tenant, item.name, item.panel, item.isRest])}>
              {hasTenant && <Table.Td>{item.tenant}</Table.Td>}
              <Table.Td>
                <Name item={item} />
              </Table.Td>
              <Cells figures={item} />
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th colSpan={hasTenant ? 2 : 1}>In all</Table.Th>
            <Cells figures={total} />
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </Table.ScrollContainer>
  )
}
