import { Badge, Group, Text, UnstyledButton } from '@mantine/core'
import type { Hit } from '../http/search.ts'
import { clockTimeMs, dayOf } from '../time/clock.ts'
import type { FieldFilter } from './lucene.ts'
import { RecordDetail } from './RecordDetail.tsx'

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

interface RecordRowProps {
  readonly hit: Hit
  readonly open: boolean
  readonly onToggle: () => void
  readonly onFilter: (filter: FieldFilter) => void
}

function Time({ text }: { text: string }) {
  const ms = Date.parse(text)
  return (
    <Text
      size="xs"
      ff="monospace"
      c="dimmed"
      style={{ whiteSpace: 'nowrap' }}
      title={`as stored: ${text}`}
    >
      <Text span inherit visibleFrom="sm">
        {Number.isNaN(ms) ? '' : `${dayOf(ms)} `}
      </Text>
      {Number.isNaN(ms) ? text : clockTimeMs(ms)}
    </Text>
  )
}

/** One record on one line; open, all of it. */
export function RecordRow({ hit, open, onToggle, onFilter }: RecordRowProps) {
  const source = hit._source
  const level = textOf(source['log.level'])
  return (
    <div style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}>
      <UnstyledButton onClick={onToggle} w="100%" py={2} aria-expanded={open}>
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <Time text={textOf(source['@timestamp'])} />
          <Badge
            size="xs"
            variant="light"
            color={colors[level.toLowerCase()] ?? 'gray'}
            w={62}
            style={{ flexShrink: 0 }}
          >
            {level || '–'}
          </Badge>
          <Text
            size="xs"
            ff="monospace"
            c="dimmed"
            w={110}
            truncate
            style={{ flexShrink: 0 }}
            visibleFrom="sm"
          >
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
      {open && <RecordDetail source={source} onFilter={onFilter} />}
    </div>
  )
}
