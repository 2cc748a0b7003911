import {
  type BlockedRule,
  builtInLimits,
  type limitScopes,
  type NewLimits,
  type Rates,
} from '@warren/contracts/http/limits'

type Scope = (typeof limitScopes)[number]

/** What holds for one tenant. */
export interface EffectiveLimits extends Readonly<Record<Scope, Rates>> {
  readonly maxCost: number
  readonly clamp: boolean
  readonly blocked: readonly BlockedRule[]
}

/** Own limits over the defaults over what is built in, each rate for itself; rules that block add up. */
export function mergeLimits(defaults: NewLimits, own: NewLimits): EffectiveLimits {
  const ratesOf = (scope: Scope): Rates => ({
    ...builtInLimits[scope],
    ...defaults[scope],
    ...own[scope],
  })
  return {
    tenant: ratesOf('tenant'),
    user: ratesOf('user'),
    token: ratesOf('token'),
    metrics: ratesOf('metrics'),
    logs: ratesOf('logs'),
    maxCost: own.maxCost ?? defaults.maxCost ?? builtInLimits.maxCost,
    clamp: own.clamp ?? defaults.clamp ?? builtInLimits.clamp,
    blocked: [...(defaults.blocked ?? []), ...(own.blocked ?? [])],
  }
}
