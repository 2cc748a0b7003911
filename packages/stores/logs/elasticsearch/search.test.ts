import { expect, it } from 'vitest'
import { everything } from '../testing.ts'
import type { Asker } from './client.ts'
import type { Question } from './question.ts'
import { searchStreams } from './search.ts'

const success = {
  took: 1,
  timed_out: false,
  _shards: { total: 1 },
  hits: { hits: [] },
  status: 200,
}

async function questionsFor(streams: readonly string[]): Promise<readonly Question[]> {
  const questions: Question[] = []
  const client: Pick<Asker, 'search'> = {
    search: async (question: Question) => {
      questions.push(question)
      return { status: 200, body: { responses: [success] } }
    },
  }
  const signal = AbortSignal.timeout(10_000)
  const request = everything
  await searchStreams(client as Asker, { tenant: 'acme', streams, request, nowMs: 0, signal })
  return questions
}

it('traps 1 and 9: only names of the tenant’s own streams go out, and no partial answer comes back', async () => {
  const own = 'logs-warren.app-acme'
  const [question] = await questionsFor([
    own,
    'logs-warren.app-other',
    '*',
    '',
    '-x',
    'a:b',
    '.ds-x',
  ])
  expect(question?.path).toBe('/_msearch')
  expect(question?.querystring).toBeUndefined()
  expect(JSON.parse(question?.lines?.toString().split('\n')[0] ?? '')).toEqual({
    index: [own],
    ignore_unavailable: true,
    allow_partial_search_results: false,
  })
})

it('asks nothing when no stream is left: an empty list would be every index', async () => {
  expect(await questionsFor([])).toEqual([])
  expect(await questionsFor(['*', 'logs-warren.app-other'])).toEqual([])
})
