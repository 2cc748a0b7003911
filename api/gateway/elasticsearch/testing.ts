import type { LogSearch } from '@warren/stores/logs/log-store'
import { idOf, type TestRecord, toBatch } from '@warren/stores/logs/testing'
import { openTestApi, type TestApi } from '../../testing.ts'

export interface AskOptions {
  readonly secret?: string
  readonly headers?: object
  readonly signal?: AbortSignal
}

const askerOf = (test: TestApi, token: string) => {
  return async (
    path: string,
    body: string,
    { secret = token, headers, signal }: AskOptions = {},
  ) => {
    const response = await test.fetch(`/gateway/elasticsearch/${path}`, {
      method: 'POST',
      body,
      headers: {
        authorization: `Bearer ${secret}`,
        ...{ 'content-type': 'application/x-ndjson', ...headers },
      },
      ...(signal && { signal }),
    })
    const text = await response.text()
    return {
      status: response.status,
      cache: response.headers.get('x-warren-cache'),
      id: response.headers.get('x-request-id') ?? '',
      text,
      json: JSON.parse(text),
    }
  }
}

/** An api whose log store is watched, with three records of the tenant `default` and a secret one of `other`, and searches of it: as a viewer of `default` unless a secret says otherwise. */
export async function openSearchApi() {
  /** On the grid; `looks`: how often somebody looked at it. */
  const clock = { nowMs: Math.floor(Date.now() / 5000) * 5000, looks: 0 }
  const now = () => {
    clock.looks += 1
    return clock.nowMs
  }
  const test = await openTestApi({}, { now })
  /** Searches that reached the store, and what holds them up there. */
  const store = { searches: [] as LogSearch[], gate: Promise.resolve() }
  const { logStore } = test
  const { search: searchStore } = logStore
  logStore.search = async (asked) => {
    store.searches.push(asked)
    await store.gate
    return searchStore(asked)
  }
  await test.catalog.tenants.ensure('other')
  const token = await test.tokenOf('viewer')

  const ask = askerOf(test, token)
  const api = {
    ...{ test, clock, store, token },
    otherToken: await test.tokenOf('viewer', 'other'),
    /** For a test: a step of the grid of its own, and a store that waits for nothing. */
    begin: () => {
      clock.nowMs += 10_000
      store.searches.length = 0
      store.gate = Promise.resolve()
    },
    write: (tenant: string, messages: readonly string[], more: Partial<TestRecord> = {}) =>
      test.logStore.write(
        toBatch(
          tenant,
          messages.map((message) => ({
            ...{ id: idOf(`${tenant} ${message}`), message },
            '@timestamp': new Date(clock.nowMs - 60_000).toISOString(),
            ...more,
          })),
        ),
      ),
    msearch: (bodies: readonly object[], options?: AskOptions) =>
      ask('_msearch', bodies.map((body) => `{}\n${JSON.stringify(body)}\n`).join(''), options),
    search: (body: object, options?: AskOptions) => ask('_search', JSON.stringify(body), options),
    /** A search of the hour that ends now. */
    lastHour: (more: object = {}) => ({
      query: { range: { '@timestamp': { gte: clock.nowMs - 3_600_000, lte: clock.nowMs } } },
      size: 1,
      ...more,
    }),
  }
  await api.write('default', ['one', 'two', 'three'])
  await api.write('other', ['secret'])
  return api
}

export type SearchApi = Awaited<ReturnType<typeof openSearchApi>>
export type Searched = Awaited<ReturnType<SearchApi['search']>>

export const totalOf = ({ json }: Searched): number => json.hits.total.value
/** Without how long the body took. */
export const responsesOf = ({ text }: Searched): string => text.replace(/^\{"took":\d+/, '')
