import { Alert, Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { redOf, statusQuery } from './status-query.ts'

/** On every page: what does not work, or that nobody knows. */
export function StatusBanner() {
  const { data, error } = useQuery(statusQuery)
  if (error !== null)
    return (
      <Alert color="red" role="alert" mb="md" title="What is shown may be old">
        {error.message}
      </Alert>
    )
  const red = redOf(data?.parts ?? [])
  const [first] = red
  if (first === undefined) return null
  const title = red.length === 1 ? `${first.part} does not work` : `${red.length} parts do not work`
  return (
    <Alert color="red" role="alert" mb="md" title={title}>
      {red.length === 1 ? first.reason : red.map(({ part }) => part).join(', ')}{' '}
      <Anchor component={Link} to="/status" inherit>
        See Status
      </Anchor>
    </Alert>
  )
}
