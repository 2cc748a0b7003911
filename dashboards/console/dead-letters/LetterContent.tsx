import { Alert, Button, Code, Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { StoredLetter } from '@warren/contracts/http/dead-letters'
import { useState } from 'react'
import { toFieldErrors } from '../http/field-errors.ts'
import { editLetter, lettersKey } from './dead-letter-queries.ts'
import { toWholeText } from './item-text.ts'
import { prettified } from './prettified.ts'

interface LetterContentProps {
  readonly letter: StoredLetter
  readonly mayChange: boolean
}

/** Longer ones are for `warren dead-letters edit`: a page would be slow with them. */
const maxShown = 256 * 1024

function Editor({
  letter,
  text,
  onEnd,
}: {
  letter: StoredLetter
  text: string
  onEnd: () => void
}) {
  const [draft, setDraft] = useState(text)
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: () => editLetter(letter, { text: draft }),
    onSuccess: () => client.invalidateQueries({ queryKey: lettersKey }),
  })
  const errors = toFieldErrors(save.error, ['text'])
  return (
    <Stack gap="xs">
      <Textarea
        aria-label="Content"
        value={draft}
        error={errors.at.text}
        onChange={(event) => setDraft(event.currentTarget.value)}
        autosize
        minRows={3}
        maxRows={20}
        spellCheck={false}
        styles={{ input: { fontFamily: 'monospace' } }}
      />
      {errors.rest !== undefined && (
        <Alert color="red" role="alert" title="It was not changed">
          {errors.rest}
        </Alert>
      )}
      <Group gap="xs">
        <Button
          size="xs"
          loading={save.isPending}
          disabled={draft === '' || draft === text}
          onClick={() => save.mutate()}
        >
          Save
        </Button>
        <Button size="xs" variant="default" onClick={onEnd}>
          Cancel
        </Button>
      </Group>
    </Stack>
  )
}

/** What a letter holds, as it is or laid out to be read; changed here when it is text. */
export function LetterContent({ letter, mayChange }: LetterContentProps) {
  const [isEditing, setEditing] = useState(false)
  const [form, setForm] = useState('as it is')
  const { text, isText } = toWholeText(letter.item)
  const pretty = prettified(text)
  if (isEditing) return <Editor letter={letter} text={text} onEnd={() => setEditing(false)} />
  const shown = form === 'laid out' && pretty !== undefined ? pretty : text
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        {pretty === undefined ? (
          <Text size="xs" c="dimmed">
            {isText ? '' : 'Not text: bytes that are none are shown as \uFFFD.'}
          </Text>
        ) : (
          <SegmentedControl
            size="xs"
            data={['as it is', 'laid out']}
            value={form}
            onChange={setForm}
          />
        )}
        {mayChange && isText && text.length <= maxShown && (
          <Button size="xs" variant="light" onClick={() => setEditing(true)}>
            Edit
          </Button>
        )}
      </Group>
      <Code block p="xs" mah={420} style={{ overflow: 'auto', whiteSpace: 'pre-wrap' }}>
        {shown.slice(0, maxShown)}
        {shown.length > maxShown ? ' …' : ''}
      </Code>
    </Stack>
  )
}
