import type { IncomingHttpHeaders } from 'node:http'

/** Clients say the same all the time. */
const known = new Map<string, boolean>()
const mostKnown = 100

/** How much a coding is wanted, 0 to 1; undefined when it is not named. */
function weightOf(header: string, coding: string): number | undefined {
  for (const part of header.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    if (name !== coding) continue
    const weight = parameters.find((each) => each.startsWith('q='))
    return weight === undefined ? 1 : Number(weight.slice(2)) || 0
  }
  return undefined
}

function isWanted(header: string): boolean {
  const gzip = weightOf(header, 'gzip') ?? weightOf(header, '*') ?? 0
  return gzip > 0 && gzip >= (weightOf(header, 'identity') ?? 0)
}

/** Whether a client takes gzip and wants it no less than plain bytes: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 */
export function acceptsGzip({ 'accept-encoding': header }: IncomingHttpHeaders): boolean {
  if (typeof header !== 'string') return false
  const before = known.get(header)
  if (before !== undefined) return before
  const wanted = isWanted(header)
  if (known.size >= mostKnown) known.clear()
  known.set(header, wanted)
  return wanted
}
