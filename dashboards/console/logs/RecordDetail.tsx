import { ActionIcon, Code, Group, Table, Text } from '@mantine/core'
import type { Hit } from '../http/search.ts'
import type { FieldFilter } from './lucene.ts'

interface RecordDetailProps {
  readonly source: Hit['_source']
  readonly onFilter: (filter: FieldFilter) => void
}

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

/** As a record holds a time; everywhere else the reader's own zone is shown. */
const isStoredTime = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)

/** Every field of a record; its values narrow the search. */
export function RecordDetail({ source, onFilter }: RecordDetailProps) {
  return (
    <Table verticalSpacing={2} my="xs" layout="auto">
      <Table.Tbody>
        {Object.entries(source).map(([field, value]) => (
          <Table.Tr key={field}>
            <Table.Td w={62}>
              {isPlain(value) && field !== 'message' && (
                <Group gap={2} wrap="nowrap">
                  <ActionIcon
                    size="xs"
                    variant="subtle"
                    aria-label={`Only this ${field}`}
                    onClick={() => onFilter({ field, value: String(value), not: false })}
                  >
                    +
                  </ActionIcon>
                  <ActionIcon
                    size="xs"
                    variant="subtle"
                    color="gray"
                    aria-label={`Exclude this ${field}`}
                    onClick={() => onFilter({ field, value: String(value), not: true })}
                  >
                    −
                  </ActionIcon>
                </Group>
              )}
            </Table.Td>
            <Table.Td fz="xs" c="dimmed" style={{ whiteSpace: 'nowrap', verticalAlign: 'top' }}>
              {field}
            </Table.Td>
            <Table.Td w="100%">
              <Code
                bg="transparent"
                style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', padding: 0 }}
              >
                {isPlain(value) ? String(value) : JSON.stringify(value, null, 2)}
              </Code>
              {isStoredTime(value) && (
                <Text span size="xs" c="dimmed">
                  {' '}
                  as stored, in UTC
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
