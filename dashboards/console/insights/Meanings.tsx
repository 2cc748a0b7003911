import { Text } from '@mantine/core'

/** What short names beside it mean, for whom no pointer shows. */
export function Meanings({ of }: { of: Readonly<Record<string, string>> }) {
  return (
    <Text size="xs" c="dimmed">
      {Object.entries(of).map(([name, meaning], index) => (
        <span key={name}>
          {index > 0 && ' · '}
          <Text span inherit fw={600}>
            {name}
          </Text>
          : {meaning}
        </span>
      ))}
    </Text>
  )
}
