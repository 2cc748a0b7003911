import { Anchor } from '@mantine/core'
import { Link } from 'react-router'

/** Leads from where tokens are made to where they end. */
export const TokensLink = () => (
  <>
    <Anchor component={Link} to="/tokens" inherit>
      Tokens
    </Anchor>{' '}
    says when each was last used, and revokes it.
  </>
)
