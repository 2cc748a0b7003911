import { Button, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'

/** The search text, asked for when it is submitted. */
export function SearchBox({ text, onSearch }: { text: string; onSearch: (text: string) => void }) {
  const [draft, setDraft] = useState(text)
  useEffect(() => setDraft(text), [text])
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onSearch(draft.trim())
        }}
      >
        <TextInput
          aria-label="Search"
          placeholder='words, "a phrase", log.level:error, host.name:web* AND NOT timeout'
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
          rightSectionWidth={76}
          rightSection={
            <Button size="compact-sm" type="submit" variant="light">
              Search
            </Button>
          }
        />
      </form>
    </search>
  )
}
