import { expect, it } from 'vitest'
import { markupOf } from '../testing.tsx'
import { StateBadge } from './StateBadge.tsx'

it.each(['green', 'yellow', 'red'] as const)(
  'shows %s in its color only while it is known',
  (state) => {
    const known = markupOf(<StateBadge state={state} />)
    expect(known).toContain(`mantine-color-${state}`)
    const old = markupOf(<StateBadge state={state} isOld />)
    expect(old).not.toContain(`mantine-color-${state}`)
    expect(old).toContain(`was ${state}`)
  },
)
