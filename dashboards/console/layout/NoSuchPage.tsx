import { Anchor } from '@mantine/core'
import { Link, useLocation } from 'react-router'
import { Empty } from '../states/QueryState.tsx'

/** For an address that no page has. */
export function NoSuchPage() {
  const { pathname } = useLocation()
  return (
    <Empty title="No such page">
      The console has none at {pathname}.{' '}
      <Anchor component={Link} to="/hosts" inherit>
        Go to Hosts
      </Anchor>
    </Empty>
  )
}
