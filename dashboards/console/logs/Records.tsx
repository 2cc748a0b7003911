import { Badge, Code, Group, Text, UnstyledButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import type { Hit } from '../http/search.ts'

const colors: Readonly<Record<string, string>> = {
  fatal: 'red',
  critical: 'red',
  error: 'red',
  warn: 'yellow',
  warning: 'yellow',
  info: 'blue',
  debug: 'gray',
  trace: 'gray',
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function RecordRow({ hit, open, onToggle }: { hit: Hit; open: boolean; onToggle: () => void }) {
  const source = hit._source
  const level = textOf(source['log.level'])
  return (
    <div style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}>
      <UnstyledButton onClick={onToggle} w="100%" py={2} aria-expanded={open}>
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <Text size="xs" ff="monospace" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {textOf(source['@timestamp']).slice(0, 23).replace('T', ' ')}
          </Text>
          <Badge
            size="xs"
            variant="light"
            color={colors[level.toLowerCase()] ?? 'gray'}
            w={62}
            style={{ flexShrink: 0 }}
          >
            {level || '–'}
          </Badge>
          <Text size="xs" ff="monospace" c="dimmed" w={110} truncate style={{ flexShrink: 0 }}>
            {textOf(source['host.name'])}
          </Text>
          <Text
            size="xs"
            ff="monospace"
            style={{
              whiteSpace: open ? 'pre-wrap' : 'nowrap',
              overflow: 'hidden',
              textOverflow: 'ellipsis',
              overflowWrap: 'anywhere',
            }}
          >
            {textOf(source['message'])}
          </Text>
        </Group>
      </UnstyledButton>
      {open && (
        <Code block my="xs">
          {JSON.stringify(source, null, 2)}
        </Code>
      )}
    </div>
  )
}

/** Log records, newest first, as many as there are: only those in view are drawn. */
export function Records({ hits }: { hits: readonly Hit[] }) {
  const [openId, setOpenId] = useState<string>()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: hits.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 24,
    getItemKey: (index) => hits[index]?._id ?? index,
    overscan: 20,
  })
  return (
    <div ref={scroller} style={{ height: '62vh', overflow: 'auto' }} data-testid="records">
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const hit = hits[index]
          return (
            hit && (
              <div
                key={key}
                ref={rows.measureElement}
                data-index={index}
                style={{
                  position: 'absolute',
                  insetInline: 0,
                  transform: `translateY(${start}px)`,
                }}
              >
                <RecordRow
                  hit={hit}
                  open={openId === hit._id}
                  onToggle={() => setOpenId(openId === hit._id ? undefined : hit._id)}
                />
              </div>
            )
          )
        })}
      </div>
    </div>
  )
}
