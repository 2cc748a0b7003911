import type { Health } from '@warren/contracts/http/status'

/** The present state of one named part, and since when. */
export interface HealthCell {
  set(state: Health['state'], reason?: string): void
  read(): Health
}

/** Starts red with `starting`; `since` moves only when the state does, not when its reason is worded anew. */
export function createHealthCell(part: string, now: () => number = Date.now): HealthCell {
  let health: Health = {
    part,
    state: 'red',
    reason: 'starting',
    since: new Date(now()).toISOString(),
  }
  return {
    set(state, reason) {
      const since = state === health.state ? health.since : new Date(now()).toISOString()
      health = { part, state, reason: reason ?? null, since }
    },
    read: () => health,
  }
}
