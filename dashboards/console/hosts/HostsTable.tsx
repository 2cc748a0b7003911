import { Table, Text, UnstyledButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { wideColumns } from './host-columns.tsx'
import type { HostTable } from './use-host-table.ts'

const rowHeight = 46
const ariaSort = { asc: 'ascending', desc: 'descending' } as const

const widthOf = (id: string) => (wideColumns.has(id) ? { visibleFrom: 'sm' as const } : {})

function Head({ table }: { table: HostTable }) {
  return (
    <Table.Thead>
      {table.getHeaderGroups().map((group) => (
        <Table.Tr key={group.id}>
          {group.headers.map((header) => {
            const sorted = header.column.getIsSorted()
            return (
              <Table.Th
                key={header.id}
                aria-sort={sorted === false ? 'none' : ariaSort[sorted]}
                {...widthOf(header.column.id)}
              >
                <UnstyledButton
                  fz="sm"
                  fw={600}
                  onClick={header.column.getToggleSortingHandler()}
                  style={{ whiteSpace: 'nowrap' }}
                >
                  <table.FlexRender header={header} />
                  <Text span inherit c="dimmed" aria-hidden>
                    {sorted === false ? '' : sorted === 'asc' ? ' ↑' : ' ↓'}
                  </Text>
                </UnstyledButton>
              </Table.Th>
            )
          })}
        </Table.Tr>
      ))}
    </Table.Thead>
  )
}

/** Room of the rows that are not drawn. */
function Spacer({ height }: { height: number }) {
  return height > 0 ? (
    <tr aria-hidden style={{ height }}>
      <td />
    </tr>
  ) : null
}

/** Hosts, as many as there are: only the rows in view are drawn. */
export function HostsTable({ table }: { table: HostTable }) {
  const scroller = useRef<HTMLDivElement>(null)
  const { rows } = table.getRowModel()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 10,
  })
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <div ref={scroller} style={{ maxHeight: 'calc(100dvh - 190px)', overflow: 'auto' }}>
      <Table highlightOnHover stickyHeader horizontalSpacing="xs" aria-rowcount={rows.length + 1}>
        <Head table={table} />
        <Table.Tbody>
          <Spacer height={before} />
          {items.map(({ index }) => {
            const row = rows[index]
            return (
              row && (
                <Table.Tr key={row.id} h={rowHeight} aria-rowindex={index + 2}>
                  {row.getAllCells().map((cell) => (
                    <Table.Td key={cell.id} py={4} {...widthOf(cell.column.id)}>
                      <table.FlexRender cell={cell} />
                    </Table.Td>
                  ))}
                </Table.Tr>
              )
            )
          })}
          <Spacer height={after} />
        </Table.Tbody>
      </Table>
    </div>
  )
}
