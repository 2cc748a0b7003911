import { Button, Code, CopyButton, Group } from '@mantine/core'

/** Text to copy as it stands. */
export function Snippet({ text }: { text: string }) {
  return (
    <div>
      <Code block>{text}</Code>
      <Group justify="flex-end" mt={4}>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="light" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
    </div>
  )
}
