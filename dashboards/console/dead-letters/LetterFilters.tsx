import { Badge, Button, Group, Select, TextInput } from '@mantine/core'
import { deadLetterCodes } from '@warren/contracts/dead-letter'
import { useEffect, useState } from 'react'
import type { LetterFilter } from './letter-filter.ts'
import { useMayChange } from './use-may-change.ts'

interface LetterFiltersProps {
  readonly filter: LetterFilter
  readonly onChange: (change: LetterFilter) => void
}

const spanChoices = [
  { value: '1h', label: 'the last hour' },
  { value: '24h', label: 'the last day' },
  { value: '7d', label: 'the last week' },
]
const tenantChoices = [
  { value: '*', label: 'every tenant' },
  { value: '-', label: 'no tenant that exists' },
]

/** Part of the reason, asked for when it is submitted. */
function ReasonBox({ filter, onChange }: LetterFiltersProps) {
  const [draft, setDraft] = useState(filter.text ?? '')
  useEffect(() => setDraft(filter.text ?? ''), [filter.text])
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onChange({ text: draft.trim() })
      }}
    >
      <TextInput
        label="Reason"
        placeholder="has this in it"
        value={draft}
        maxLength={200}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={() => draft.trim() !== (filter.text ?? '') && onChange({ text: draft.trim() })}
        w={200}
      />
    </form>
  )
}

export function LetterFilters({ filter, onChange }: LetterFiltersProps) {
  const { isAdmin } = useMayChange()
  const choose = (name: keyof LetterFilter) => (value: string | null) =>
    onChange({ [name]: value ?? undefined })
  const common = { clearable: true, placeholder: 'any' }
  return (
    <Group align="flex-end" gap="sm">
      <Select
        {...common}
        label="Stream"
        data={['metrics', 'logs']}
        value={filter.stream ?? null}
        onChange={choose('stream')}
        w={130}
      />
      <Select
        {...common}
        label="Code"
        data={[...deadLetterCodes]}
        value={filter.code ?? null}
        onChange={choose('code')}
        w={200}
      />
      <Select
        {...common}
        label="Last refused in"
        data={spanChoices}
        value={filter.within ?? null}
        onChange={choose('within')}
        w={160}
      />
      {isAdmin && (
        <Select
          {...common}
          label="Tenant"
          placeholder="my own"
          data={tenantChoices}
          value={filter.tenant ?? null}
          onChange={choose('tenant')}
          w={200}
        />
      )}
      <ReasonBox filter={filter} onChange={onChange} />
      {filter.replay !== undefined && (
        <Group gap={4} mb={6}>
          <Badge variant="light">came back from a replay</Badge>
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => onChange({ replay: undefined })}
          >
            show all
          </Button>
        </Group>
      )}
    </Group>
  )
}
