import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import {
  deadLetterListSchema,
  deadLettersDeletedSchema,
  type LetterEdit,
  replayListSchema,
  replaySchema,
  type StoredLetter,
  storedLetterSchema,
} from '@warren/contracts/http/dead-letters'
import { json, read, send } from '../http/client.ts'
import { type LetterFilter, toWish } from './letter-filter.ts'

const path = 'api/v1/dead-letters'
const replaysPath = 'api/v1/dead-letter-replays'

/** Everything below it is about letters: what changes them makes it old. */
export const lettersKey = ['dead letters'] as const

/** How many there are in all. */
export const deadLetterTotalQuery = queryOptions({
  queryKey: [...lettersKey, 'total'],
  queryFn: async ({ signal }) =>
    (await read(deadLetterListSchema, `${path}?limit=1`, { signal })).total,
  refetchInterval: 15_000,
})

/** Pages of them, newest first. */
export const deadLetterPages = (filter: LetterFilter) =>
  infiniteQueryOptions({
    queryKey: [...lettersKey, 'pages', filter],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ limit: '50', ...toWish(filter) })
      if (pageParam !== null) query.set('cursor', pageParam)
      return read(deadLetterListSchema, `${path}?${query}`, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })

const letterPath = (tenant: string, id: string): string =>
  `${path}/${encodeURIComponent(id)}?${new URLSearchParams({ tenant })}`

/** One, whole. */
export const letterQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: [...lettersKey, 'one', tenant, id],
    queryFn: ({ signal }) => read(storedLetterSchema, letterPath(tenant, id), { signal }),
    retry: false,
  })

const replayMs = 1000

/** Replays, looked at often while one runs. */
export const replaysQuery = (tenant: string | undefined) =>
  queryOptions({
    queryKey: [...lettersKey, 'replays', tenant],
    queryFn: ({ signal }) => {
      const query = tenant === undefined ? '' : `?${new URLSearchParams({ tenant })}`
      return read(replayListSchema, `${replaysPath}${query}`, { signal })
    },
    refetchInterval: ({ state }) =>
      state.data?.items.some((replay) => replay.state === 'running') ? replayMs : 15_000,
  })

export const editLetter = ({ tenant, id, version }: StoredLetter, edit: LetterEdit) =>
  read(storedLetterSchema, letterPath(tenant, id), {
    method: 'PATCH',
    ...json(edit),
    headers: { 'if-match': `"${version}"` },
  })

export const deleteLetter = ({ tenant, id }: StoredLetter) =>
  send(letterPath(tenant, id), { method: 'DELETE' })

export const purgeLetters = (filter: LetterFilter) =>
  read(deadLettersDeletedSchema, `${path}?${new URLSearchParams(toWish(filter))}`, {
    method: 'DELETE',
  })

/** Those with the ids, else all of the filter. */
export const startReplay = (filter: LetterFilter, ids?: readonly string[]) =>
  read(replaySchema, replaysPath, {
    method: 'POST',
    ...json({ ...toWish(filter), ...(ids === undefined ? {} : { ids }) }),
  })

export const stopReplay = (id: string, tenant: string) =>
  send(`${replaysPath}/${id}?${new URLSearchParams({ tenant })}`, { method: 'DELETE' })
