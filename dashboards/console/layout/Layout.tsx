import { AppShell, Burger, Group, NavLink, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Session } from '@warren/contracts/http/sessions'
import { Link, Outlet } from 'react-router'
import { StatusBanner } from '../status/StatusBanner.tsx'
import { ownZone } from '../time/clock.ts'
import { pages } from './pages.tsx'
import { SchemeToggle } from './SchemeToggle.tsx'
import { SignOut } from './SignOut.tsx'
import { usePage } from './use-page.ts'

interface HeaderProps {
  readonly session: Session
  readonly opened: boolean
  readonly onToggle: () => void
}

function Header({ session, opened, onToggle }: HeaderProps) {
  return (
    <Group h="100%" justify="space-between" wrap="nowrap">
      <Group gap="sm" wrap="nowrap">
        <Burger
          opened={opened}
          onClick={onToggle}
          hiddenFrom="sm"
          size="sm"
          aria-label="Menu"
          aria-expanded={opened}
        />
        <img src="./icon.svg" alt="" width={26} height={26} />
        <Text fw={700}>Warren</Text>
        <Text size="sm" c="dimmed" visibleFrom="xs">
          tenant {session.tenant}
        </Text>
        <Text size="sm" c="dimmed" visibleFrom="sm">
          times in {ownZone()}
        </Text>
      </Group>
      <Group gap="sm" wrap="nowrap">
        <Text size="sm" truncate>
          {session.user}
        </Text>
        <SchemeToggle />
        <SignOut />
      </Group>
    </Group>
  )
}

function Menu({ current, onLeave }: { current: string | undefined; onLeave: () => void }) {
  return pages
    .filter(({ below }) => below === undefined)
    .map(({ path, title }) => (
      <NavLink
        key={path}
        component={Link}
        to={path}
        label={title}
        active={current === path}
        {...(current === path ? { 'aria-current': 'page' as const } : {})}
        onClick={onLeave}
      />
    ))
}

export function Layout({ session }: { session: Session }) {
  const [opened, { toggle, close }] = useDisclosure()
  const current = usePage()
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 180, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <AppShell.Header px="md">
        <Header session={session} opened={opened} onToggle={toggle} />
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <Menu current={current} onLeave={close} />
        <Text size="xs" c="dimmed" p="sm" hiddenFrom="sm">
          Times in {ownZone()}
        </Text>
      </AppShell.Navbar>
      <AppShell.Main>
        {current !== '/status' && <StatusBanner />}
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}
