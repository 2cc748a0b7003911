import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

interface ConfirmProps {
  /** On the button that opens it. */
  readonly label: string
  readonly title: string
  readonly text: string
  /** On the button that does it. */
  readonly action: string
  readonly color?: string
  readonly disabled?: boolean
  readonly run: () => Promise<unknown>
  /** Of the queries that it makes old. */
  readonly changes: QueryKey
  readonly onDone?: () => void
}

/** A change that is asked about first, and says why it failed. */
export function Confirm(props: ConfirmProps) {
  const {
    label,
    title,
    text,
    action,
    color = 'blue',
    disabled = false,
    run,
    changes,
    onDone,
  } = props
  const [isOpen, setOpen] = useState(false)
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: run,
    onSuccess: async () => {
      setOpen(false)
      onDone?.()
      await client.invalidateQueries({ queryKey: changes })
    },
  })
  const open = () => {
    change.reset()
    setOpen(true)
  }
  return (
    <>
      <Button size="xs" variant="light" color={color} disabled={disabled} onClick={open}>
        {label}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={title} centered>
        <Stack>
          <Text size="sm">{text}</Text>
          {change.error && (
            <Alert color="red" role="alert">
              {change.error.message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button color={color} loading={change.isPending} onClick={() => change.mutate()}>
              {action}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
