import type { Asker } from '../../asker.ts'
import type {
  AnswerQuery,
  MakeAnswer,
  MetricAnswer,
  ScopedQuery,
} from '../../influxdb/answer-query.ts'
import type { CacheState, CacheUse } from '../cache-use.ts'
import { toQuestion } from '../snap/question.ts'
import { AskedOnce, type AskedOnceOptions, type Made } from './asked-once.ts'

export interface CacheOptions extends AskedOnceOptions {
  /** Told of every answer. */
  readonly onAnswer?: (state: CacheState) => void
}

/** Asks for all who wait: they have their part of the memory together. */
async function makeShared(
  ask: MakeAnswer,
  query: ScopedQuery,
  asker: Asker,
): Promise<Made<MetricAnswer>> {
  const { share } = asker
  const { firstError, body, cache, resolution, isWhole } = await ask(query, asker)
  // Of an error nothing is sent but its text.
  if (firstError !== undefined) share?.release()
  const answer: MetricAnswer =
    cache === undefined
      ? { firstError, body, share, resolution }
      : { firstError, body, share, resolution, cache }
  return { answer, bytes: body.bytes, isWhole }
}

/** Of an answer that is put together, its oldest part is as old as it was then. */
function toUse({ state, ageMs }: CacheUse, made: CacheUse | undefined): CacheUse {
  if (state === 'miss') return made ?? { state, ageMs }
  return { state, ageMs: ageMs + (made?.ageMs ?? 0) }
}

/**
 * Asks the store once for all who ask the same within 5 s: a live range is moved back to end on a grid of 5 s, and its answer is given to
 * everybody who asks for it until the next step. So an answer equals the store's to the same question at most 5 s earlier. Who wants it fresh asks the store.
 */
export function cachedQuery(ask: MakeAnswer, options: CacheOptions): AnswerQuery {
  const { now = Date.now, onAnswer } = options
  const once = new AskedOnce<MetricAnswer>(options)
  const answer: AnswerQuery = async (query, asker) => {
    if (asker.wantsFresh)
      return { ...(await ask(query, asker)), cache: { state: 'bypass', ageMs: 0 } }
    const { key, query: asked, untilMs } = toQuestion(query, asker, now())
    const question = { key, untilMs, ask: (all: Asker) => makeShared(ask, asked, all) }
    const { answer, use } = await once.answer(question, asker)
    return { ...answer, cache: toUse(use, answer.cache) }
  }
  return async (query, asker) => {
    const answered = await answer(query, asker)
    if (answered.cache !== undefined) onAnswer?.(answered.cache.state)
    return answered
  }
}
