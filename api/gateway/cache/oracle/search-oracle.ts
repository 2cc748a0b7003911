import type { SearchAnswer } from '@warren/searchdsl/answer'
import { parseSearch } from '@warren/searchdsl/parse/search'
import { scopeSearch } from '@warren/searchdsl/scope'
import type { LogStore } from '@warren/stores/logs/log-store'
import type { AskStore } from '../../ask-store.ts'
import type { Asker } from '../../asker.ts'
import { encoded } from '../../elasticsearch/answer-search.ts'
import { askLogs, type ScopedSearch } from '../../elasticsearch/search-one.ts'
import { newTrail } from '../../trail.ts'
import { KeptAnswers } from '../kept-answers.ts'
import { gridMs } from '../snap/grid.ts'
import type { WholeAnswers } from '../whole/asked-once.ts'
import { cachedSearch } from '../whole/cached-search.ts'

/** What a search names of time, ms since the epoch; a panel writes them into its text. */
export interface Ends {
  readonly fromMs: number
  readonly toMs: number
}

/** The text of a search about a range. */
export type Panel = (ends: Ends) => object

const liveMs = 10_000
const joinMs = 50

/** What the question that the cache owes an answer to is about: what the panel would have asked less than 5 s earlier. Of one that names the clock as well nobody knows what that is. */
function snapped(panel: Panel, { fromMs, toMs }: Ends, nowMs: number): Ends {
  const isByClock = JSON.stringify(panel({ fromMs, toMs })).includes('"now')
  if (isByClock || Math.abs(toMs - nowMs) > liveMs) return { fromMs, toMs }
  const shiftMs = toMs % gridMs
  const earlierMs = fromMs - shiftMs
  const nearMs = Math.round(earlierMs / gridMs) * gridMs
  return {
    fromMs: Math.abs(nearMs - earlierMs) <= joinMs ? nearMs : earlierMs,
    toMs: toMs - shiftMs,
  }
}

/** How long it took, and where a record lies in its index, which a merge of segments may change. */
const withoutChance = (text: string): string =>
  text.replace(/"took":\d+/g, '"took":0').replace(/"sort":\[("[^"]*"|\d+),\d+\]/g, '"sort":[$1]')

/** The gateway's cache over a real store, on a clock of its own, beside the store itself. */
export function createSearchOracle(store: LogStore, startMs: number) {
  const clock = { nowMs: startMs }
  const upstream = { searches: 0 }
  const now = () => clock.nowMs
  const askStore: AskStore = (asker, { ask }) => ask(asker.signal)
  const asked = { logStore: store, now, askStore, deadlineMs: 60_000 }
  const kept: WholeAnswers = new KeptAnswers({ maxBytes: 1e8, maxBytesPerTenant: 1e8 })
  const cached = cachedSearch(
    (search, asker) => {
      upstream.searches += 1
      return askLogs(search, asker, asked)
    },
    { kept, now },
  )
  /** The store's answers, by question, to all that it was asked. */
  const given = new Map<string, { readonly atMs: number; readonly text: string }[]>()

  async function direct(search: ScopedSearch, asker: Asker): Promise<string> {
    return toText(await askLogs(search, asker, asked))
  }

  return {
    ...{ clock, upstream },
    /** The cache's answer and how it came about, and the store's to the same question when the cache says that it was asked; none: it was not asked then. */
    async ask(panel: Panel, ends: Ends, rights: Pick<Asker, 'tenant' | 'deployments'>) {
      const toSearch = (wanted: Ends): ScopedSearch => {
        const request = parseSearch(panel(wanted))
        return { indices: [], request: scopeSearch(request, rights), sort: request.sort }
      }
      const asker = toAsker(rights)
      const { answer, use } = await cached(toSearch(ends), '_msearch', asker)
      if ('error' in answer) throw new Error(answer.error.reason)
      const question = toSearch(snapped(panel, ends, clock.nowMs))
      const key = JSON.stringify([rights, question])
      const before = given.get(key) ?? []
      if (use?.state === 'miss')
        before.push({ atMs: clock.nowMs, text: await direct(question, asker) })
      given.set(key, before)
      const atMs = clock.nowMs - (use?.ageMs ?? 0)
      const expected = before.findLast((one) => one.atMs === atMs && atMs > clock.nowMs - gridMs)
      const text = withoutChance(answer.bytes.toString())
      return { text, expected: expected?.text, state: use?.state ?? 'none' }
    },
  }
}

export type SearchOracle = ReturnType<typeof createSearchOracle>

const toAsker = (rights: Pick<Asker, 'tenant' | 'deployments'>): Asker => ({
  ...rights,
  ...{ credential: 'x', isAlert: false, wantsFresh: false, requestId: 'r' },
  signal: new AbortController().signal,
  trail: newTrail(),
})

function toText(answer: SearchAnswer): string {
  const bytes = encoded(answer, '_msearch')
  if ('error' in bytes) throw new Error(bytes.error.reason)
  return withoutChance(bytes.bytes.toString())
}
