import fc from 'fast-check'
import { influxqlQuestions } from './influxql-questions.ts'
import type { Language, Question } from './question.ts'
import { searchQuestions } from './search-questions.ts'

export const questionsOf: Readonly<Record<Language, fc.Arbitrary<Question>>> = {
  influxql: influxqlQuestions,
  search: searchQuestions,
}

/** Which of a seed's questions. */
export interface Asking {
  readonly language: Language
  /** How many of the seed's, from the one at `from` on. */
  readonly queries: number
  readonly from?: number
  readonly seed: number
}

export interface NumberedQuestion {
  readonly question: Question
  readonly at: number
}

const chunk = 500

/** So often an answer is asked for packed, as Grafana does. */
const packedEach = 3

const packed = (question: Question): Question => ({
  ...question,
  headers: { ...question.headers, 'accept-encoding': 'gzip' },
})

/** So often the question of before is asked once more: whole answers are kept for a moment. */
const againEach = 8

/** The same questions for the same seed, wherever it begins. */
export function* questions({
  language,
  queries,
  from = 0,
  seed,
}: Asking): Generator<NumberedQuestion> {
  const past = from + queries
  for (let start = from - (from % chunk); start < past; start += chunk)
    for (const each of chunkFrom(start, { language, seed }))
      if (each.at >= from && each.at < past) yield each
}

function chunkFrom(
  start: number,
  { language, seed }: Pick<Asking, 'language' | 'seed'>,
): readonly NumberedQuestion[] {
  const sampled = fc.sample(questionsOf[language], { seed: seed + start, numRuns: chunk })
  return sampled.map((own, offset) => {
    const at = start + offset
    const question = offset % againEach === againEach - 1 ? (sampled[offset - 1] ?? own) : own
    return { question: at % packedEach === 1 ? packed(question) : question, at }
  })
}
