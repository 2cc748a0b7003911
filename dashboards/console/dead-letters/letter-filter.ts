/** What the page's address says about which letters are shown. */
export interface LetterFilter {
  readonly stream?: string | undefined
  readonly code?: string | undefined
  readonly tenant?: string | undefined
  readonly text?: string | undefined
  /** A key of `spans`. */
  readonly within?: string | undefined
  readonly replay?: string | undefined
}

export const filterNames = ['stream', 'code', 'tenant', 'text', 'within', 'replay'] as const

/** Of the last time that it was refused, minutes. */
const spans: Readonly<Record<string, number>> = { '1h': 60, '24h': 1440, '7d': 10_080 }

const minuteMs = 60_000

/** As the api names it; the beginning of a span is that of now. */
export function toWish(filter: LetterFilter, nowMs = Date.now()): Record<string, string> {
  const { within, ...rest } = filter
  const minutes = spans[within ?? '']
  const wish: Record<string, string> = {}
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) wish[name] = value
  if (minutes !== undefined)
    wish['lastSeenFrom'] = new Date(nowMs - minutes * minuteMs).toISOString()
  return wish
}
