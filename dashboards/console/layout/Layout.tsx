import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  NavLink,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Session } from '@warren/contracts/http/sessions'
import { Link, Outlet, useLocation } from 'react-router'
import { useSignOut } from '../session/session.ts'
import { pages } from './pages.tsx'

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'dark' ? 'light' : 'dark'
  return (
    <Tooltip label={`Switch to ${other}`}>
      <ActionIcon
        variant="default"
        aria-label={`Switch to ${other}`}
        onClick={() => setColorScheme(other)}
      >
        {scheme === 'dark' ? '☀' : '☾'}
      </ActionIcon>
    </Tooltip>
  )
}

export function Layout({ session }: { session: Session }) {
  const [opened, { toggle, close }] = useDisclosure()
  const { pathname } = useLocation()
  const signOut = useSignOut()
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between">
          <Group gap="sm">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <img src="./icon.svg" alt="" width={26} height={26} />
            <Text fw={700}>Warren</Text>
            <Text size="sm" c="dimmed" visibleFrom="xs">
              tenant {session.tenant}
            </Text>
          </Group>
          <Group gap="sm">
            <Text size="sm">{session.user}</Text>
            <SchemeToggle />
            <ActionIcon
              variant="default"
              w={76}
              onClick={() => signOut.mutate()}
              loading={signOut.isPending}
            >
              <Text size="xs">Sign out</Text>
            </ActionIcon>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        {pages
          .filter(({ title }) => title !== undefined)
          .map(({ path, title }) => (
            <NavLink
              key={path}
              component={Link}
              to={path}
              label={title}
              active={pathname.startsWith(path)}
              onClick={close}
            />
          ))}
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}
