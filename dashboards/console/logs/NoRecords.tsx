import { Anchor, Code } from '@mantine/core'
import { Link } from 'react-router'
import { Empty } from '../states/QueryState.tsx'

/** Why a search may have found nothing: its words, or that no lines come. */
export function NoRecords({ text }: { text: string }) {
  if (text.trim() !== '')
    return (
      <Empty title="No records match in this range">Choose a longer range, or fewer words.</Empty>
    )
  return (
    <Empty title="No records in this range">
      Choose a longer range. A host sends the files that its agent is told to tail; of a file that
      was there already only lines written since then, unless its entry has{' '}
      <Code>start: beginning</Code> (docs/getting-started.md). Under{' '}
      <Anchor component={Link} to="/add-data" inherit>
        Add data
      </Anchor>{' '}
      are other hosts and log shippers.
    </Empty>
  )
}
