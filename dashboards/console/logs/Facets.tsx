import { ActionIcon, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { facetFields, type LogAnswer } from './log-search.ts'
import type { FieldFilter } from './lucene.ts'

interface FacetsProps {
  readonly facets: LogAnswer['facets']
  readonly onFilter: (filter: FieldFilter) => void
}

/** The commonest values of some fields: a click narrows the search to one, the other button leaves it out. */
export function Facets({ facets, onFilter }: FacetsProps) {
  return (
    <Stack gap="md">
      {facetFields
        .filter((field) => (facets[field]?.length ?? 0) > 0)
        .map((field) => (
          <div key={field}>
            <Text size="xs" fw={600} c="dimmed" mb={4}>
              {field}
            </Text>
            {facets[field]?.map(({ key, doc_count }) => (
              <Group key={key} gap={4} wrap="nowrap" justify="space-between">
                <UnstyledButton
                  onClick={() => onFilter({ field, value: String(key), not: false })}
                  title={`Only ${String(key)}`}
                  aria-label={`Only ${field} ${String(key)}`}
                  style={{ overflow: 'hidden' }}
                >
                  <Text size="sm" truncate>
                    {String(key)}
                  </Text>
                </UnstyledButton>
                <Group gap={2} wrap="nowrap">
                  <Text size="xs" c="dimmed">
                    {doc_count.toLocaleString('en')}
                  </Text>
                  <ActionIcon
                    size="xs"
                    variant="subtle"
                    color="gray"
                    title={`Without ${String(key)}`}
                    aria-label={`Exclude ${field} ${String(key)}`}
                    onClick={() => onFilter({ field, value: String(key), not: true })}
                  >
                    ⊘
                  </ActionIcon>
                </Group>
              </Group>
            ))}
          </div>
        ))}
    </Stack>
  )
}
