import type { ApiSettings } from '../../settings.ts'
import { KeptAnswers, type KeptLimits } from './kept-answers.ts'
import type { WholeAnswers } from './whole/asked-once.ts'

type CacheSettings = ApiSettings['queries']['cache']

/** Half of the memory is for whole answers, half for buckets. */
export const halfOf = ({ maxBytes, maxBytesPerTenant }: CacheSettings): KeptLimits => ({
  maxBytes: maxBytes / 2,
  maxBytesPerTenant: Math.min(maxBytesPerTenant, maxBytes) / 2,
})

/** For the whole answers of all languages together; undefined where the cache is off. */
export const createWholeAnswers = (settings: CacheSettings): WholeAnswers | undefined =>
  settings.maxBytes === 0 ? undefined : new KeptAnswers(halfOf(settings))
