import { Button, Code, CopyButton, Group } from '@mantine/core'

/** Text to copy as it stands. */
export function Snippet({ label, text }: { label: string; text: string }) {
  return (
    <div>
      {/* Keyboards scroll what has the focus. */}
      <Code block mah={420} style={{ overflow: 'auto' }} tabIndex={0} aria-label={label}>
        {text}
      </Code>
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
