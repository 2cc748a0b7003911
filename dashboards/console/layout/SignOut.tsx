import { Button, Popover, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useSignOut } from '../session/session.ts'

/** Ends the session, or says why it goes on. */
export function SignOut() {
  const signOut = useSignOut()
  // The focus is not in it: the button lost it while it waited.
  useHotkeys([['Escape', () => signOut.reset()]])
  return (
    <Popover
      opened={signOut.error !== null}
      onDismiss={signOut.reset}
      position="bottom-end"
      width={280}
      withArrow
      withRoles={false}
    >
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => signOut.mutate()}
          loading={signOut.isPending}
        >
          Sign out
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" role="alert">
          You are still signed in. {signOut.error?.message}
        </Text>
      </Popover.Dropdown>
    </Popover>
  )
}
