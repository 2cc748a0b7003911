import type { Language } from './question.ts'
import type { Counts } from './tally.ts'

type Share = Exclude<keyof Counts, 'asked'>

/** Of a tenant's questions at least so many must be accepted, have rows, and come so about: a fuzz of refusals, or of what only stores answer, shows little. */
const least: Readonly<Record<Language, Readonly<Partial<Record<Share, number>>>>> = {
  influxql: {
    ...{ accepted: 0.6, withRows: 0.4 },
    ...{ hit: 0.05, partial: 0.015, miss: 0.3, bypass: 0.02, ofRollups: 0.03 },
  },
  search: { accepted: 0.6, withRows: 0.4, hit: 0.04, miss: 0.3 },
}

/** What is too seldom, in words; nothing where all is covered. */
export function tooFew(language: Language, counts: Counts): readonly string[] {
  const shares = Object.entries(least[language]) as readonly (readonly [Share, number])[]
  return shares
    .filter(([share, part]) => counts[share] < part * counts.asked)
    .map(([share, part]) => `${share}: ${counts[share]} of ${counts.asked}, less than ${part}`)
}
