import { Checkbox, Group, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { insightGroups, insightOrders, insightWindows } from '@warren/contracts/http/query-insights'
import { useState } from 'react'
import { sessionQuery } from '../session/session.ts'
import type { InsightsWish } from './insight-queries.ts'
import type { SetWish } from './use-insights-wish.ts'

interface InsightFiltersProps {
  readonly wish: InsightsWish & { readonly request: string }
  readonly onChange: SetWish
}

/** The id alone, or an error of a panel that ends with it. */
const idOf = (text: string): string =>
  /\(request ([\w-]+)\)/.exec(text)?.[1] ?? text.trim().slice(0, 128)

/** Looks for what a panel, or an answer's header, names. */
function RequestBox({ wish, onChange }: InsightFiltersProps) {
  const [draft, setDraft] = useState(wish.request)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onChange('request', idOf(draft))
      }}
    >
      <TextInput
        label="Request id"
        placeholder="or the error of the panel, which names it"
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        w={300}
      />
    </form>
  )
}

export function InsightFilters(props: InsightFiltersProps) {
  const { wish, onChange } = props
  const { data: session } = useQuery(sessionQuery)
  const choose = (name: 'by' | 'order') => (value: string | null) => onChange(name, value ?? '')
  return (
    <Group align="flex-end" gap="sm">
      <SegmentedControl
        aria-label="Window"
        data={[...insightWindows]}
        value={wish.window}
        onChange={(value) => onChange('window', value)}
      />
      <Select
        label="By"
        data={[...insightGroups]}
        value={wish.by}
        onChange={choose('by')}
        allowDeselect={false}
        w={150}
      />
      <Select
        label="Most of it first"
        data={[...insightOrders]}
        value={wish.order}
        onChange={choose('order')}
        allowDeselect={false}
        w={150}
      />
      <RequestBox key={wish.request} {...props} />
      {session?.role === 'admin' && (
        <Checkbox
          label="every tenant"
          checked={wish.isAll}
          onChange={(event) => onChange('tenant', event.currentTarget.checked ? '*' : '')}
          mb={8}
        />
      )}
    </Group>
  )
}
