import type { BlockedRule } from '@warren/contracts/http/limits'
import { RE2JS } from 're2js'
import type { Asker } from '../asker.ts'

/** The rule that refuses a query; undefined when none does. */
export type IsBlocked = (
  asker: Pick<Asker, 'dashboard' | 'user' | 'credential'>,
  text: () => string,
) => BlockedRule | undefined

type Matches = (asker: Parameters<IsBlocked>[0], text: () => string) => boolean

/** All that a rule says must be so. */
function compile({ text, pattern, dashboard, user }: BlockedRule): Matches {
  const regex = pattern === undefined ? undefined : RE2JS.compile(pattern)
  return (asker, textOf) =>
    (dashboard === undefined || dashboard === asker.dashboard) &&
    (user === undefined || user === asker.user || user === asker.credential) &&
    (text === undefined || textOf().includes(text)) &&
    (regex === undefined || regex.matcher(textOf()).find())
}

/** The text is printed only when a rule reads it. */
export function createBlockList(rules: readonly BlockedRule[]): IsBlocked {
  const compiled = rules.map((rule) => ({ rule, matches: compile(rule) }))
  if (compiled.length === 0) return () => undefined
  return (asker, text) => {
    let printed: string | undefined
    const once = (): string => {
      printed ??= text()
      return printed
    }
    return compiled.find(({ matches }) => matches(asker, once))?.rule
  }
}

/** Throws an `Error` that says why it is none. */
export const checkPattern = (pattern: string): void => void RE2JS.compile(pattern)
