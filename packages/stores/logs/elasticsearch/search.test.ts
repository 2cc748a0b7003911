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

const ask = (answer: object, deadlineMs?: number) => {
  const lines: string[] = []
  const client: Pick<Asker, 'search'> = {
    search: async (question: Question) => {
      lines.push(question.lines?.toString() ?? '')
      return { status: 200, body: { responses: [answer] } }
    },
  }
  const search = {
    ...{ tenant: 'acme', streams: ['logs-warren.app-acme'], request: everything, nowMs: 0 },
    ...{ signal: AbortSignal.timeout(10_000), deadlineMs },
  }
  return { found: searchStreams(client as Asker, search), lines }
}

it('trap 9: Elasticsearch may take as long as the asker waits', () => {
  expect(ask(success, 90_000).lines[0]).toMatch(/,"timeout":"90000ms"\}\n$/)
  expect(ask(success).lines[0]).toMatch(/,"timeout":"30000ms"\}\n$/)
})

it('trap 9: what was not read of all records is an error, which panels show', async () => {
  const late = ask({ ...success, timed_out: true }, 90_000)
  expect(await late.found).toMatchObject({
    status: 503,
    error: { type: 'timeout_exception', reason: expect.stringContaining('after 90 s') },
  })
  const failed = ask({ ...success, _shards: { total: 3, successful: 2, failed: 1 } })
  const reason = expect.stringContaining('a part of the records')
  expect(await failed.found).toMatchObject({ status: 503, error: { reason } })
})

it('tells by no error how many streams there are', async () => {
  const cause = { type: 'illegal_argument_exception', reason: 'Fielddata is disabled in [I].' }
  const causeIn = (index: string) => ({ ...cause, reason: cause.reason.replace('I', index), index })
  const failed = (streams: number, reason: string) => ({
    error: {
      type: 'search_phase_execution_exception',
      reason,
      root_cause: Array.from({ length: streams }, (_, at) =>
        causeIn(`.ds-logs-warren.app${at}-acme-2026.03.04-000001`),
      ),
    },
    status: 400,
  })
  const answers = [failed(1, 'Partial shards failure'), failed(3, 'all shards failed')].map(
    (answer) => {
      const client: Pick<Asker, 'search'> = {
        search: async () => ({ status: 200, body: { responses: [answer] } }),
      }
      const signal = AbortSignal.timeout(10_000)
      const streams = ['logs-warren.app-acme']
      const search = { tenant: 'acme', streams, request: everything, nowMs: 0, signal }
      return searchStreams(client as Asker, search)
    },
  )
  const [one, three] = await Promise.all(answers)
  expect(one).toEqual(three)
  expect(one).toMatchObject({
    error: {
      root_cause: [{ ...cause, reason: 'Fielddata is disabled in [an index of these records].' }],
    },
  })
})

it('asks nothing when no stream is left: an empty list would be every index', async () => {
  expect(await questionsFor([])).toEqual([])
  expect(await questionsFor(['*', 'logs-warren.app-other'])).toEqual([])
})
