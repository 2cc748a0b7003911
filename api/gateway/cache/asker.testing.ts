import type { Asker } from '../asker.ts'
import { newTrail } from '../trail.ts'

/** Somebody of tenant `a` who asks as a panel does. */
export const asker = (more: Partial<Asker> = {}): Asker => ({
  ...{
    tenant: 'a',
    deployments: undefined,
    credential: 'x',
    isAlert: false,
    wantsFresh: false,
    requestId: 'r',
  },
  signal: new AbortController().signal,
  trail: newTrail(),
  ...more,
})
